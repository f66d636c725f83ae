import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { makeBrowser } from "../world.mjs";

let gate;
let set;
beforeEach(async () => {
  makeBrowser();
  set = [];
  chrome.declarativeNetRequest = { getSessionRules: async () => set, updateSessionRules: async ({ addRules }) => void (set = addRules) };
  chrome.tabs = { query: async () => [{ id: 7 }, { id: 8 }, {}] };
  gate = await import(`../../../../extension/src/worker/gate.js?${Math.random()}`);
});
const rules = { adapters: [] };
const isBlocked = (urlFilter) => set.some(({ condition, action }) => condition.urlFilter === urlFilter && action.type === "block" && !condition.tabIds);

test("without rules no prompt leaves from anywhere, and with them the gate is open", async () => {
  await gate.setGate(true, null);
  assert.ok(isBlocked("||chatgpt.com/backend-api/f/conversation^"));
  assert.ok(isBlocked("||claude.ai/api/organizations/*/chat_conversations/*/completion^"));
  await gate.setGate(true, rules);
  assert.deepEqual(set, []);
});

test("a browser that is nobody's is left alone", async () => {
  await gate.noteOldTabs();
  await gate.setGate(false, null);
  assert.deepEqual(set, []);
});

test("a page that was open before we came sends nothing until its guard has come", async () => {
  await gate.noteOldTabs();
  await gate.setGate(true, rules);
  assert.deepEqual([...new Set(set.map(({ condition }) => String(condition.tabIds)))], ["7,8"]);
  await gate.noteGuarded(7);
  await gate.setGate(true, rules);
  assert.deepEqual([...new Set(set.map(({ condition }) => String(condition.tabIds)))], ["8"]);
  await gate.noteGuarded(8);
  await gate.setGate(true, rules);
  assert.deepEqual(set, []);
});

test("a worker that is started again counts no page as old that has come since", async () => {
  await gate.noteOldTabs();
  await gate.noteGuarded(7);
  await gate.noteGuarded(8);
  await gate.noteOldTabs();
  await gate.setGate(true, rules);
  assert.deepEqual(set, []);
});

test("a page whose guard is quicker than the list is not on it", async () => {
  const { add } = await import("../../../../extension/src/worker/tabs.js");
  add({ sender: { tab: { id: 7 }, frameId: 0 }, onDisconnect: { addListener: () => {} } });
  await gate.noteOldTabs();
  assert.equal(await gate.toReload(), 1);
});

test("in old pages an address is closed that only a newer adapter knows, and one that is none leaves the others closed", async () => {
  const newer = { match: ["https://later.example/*"], requests: [{ method: "POST", path: "/later/*" }] };
  await gate.noteOldTabs();
  await gate.setGate(true, { adapters: [newer] });
  const filters = () => set.map(({ condition }) => condition.urlFilter);
  assert.ok(filters().includes("||later.example/later/*^"));
  assert.equal(new Set(set.map(({ id }) => id)).size, set.length);
  chrome.declarativeNetRequest.updateSessionRules = async ({ addRules }) => {
    if (addRules.some(({ condition }) => condition.urlFilter.includes("later"))) throw new Error("no address");
    set = addRules;
  };
  await gate.setGate(true, { adapters: [newer, newer] });
  assert.ok(filters().includes("||chatgpt.com/backend-api/f/conversation^"));
  assert.ok(!filters().includes("||later.example/later/*^"));
});
