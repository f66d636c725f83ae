import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Refused, Unreachable } from "../../../../extension/src/worker/connection.js";
import { noteContact, noteTrouble, shownState, shownTrouble, state } from "../../../../extension/src/worker/standing.js";
import { makeBrowser, makeConnection } from "../world.mjs";

const RULES = { suspension: null };
const suspended = (status) => ({ suspension: { status, since: "2026-11-01T00:00:00Z", grace_until: "2026-12-01T00:00:00Z" } });
const ended = (code) => new Refused(401, code, "");
let world;
beforeEach(async () => {
  world = makeBrowser();
  chrome.permissions = { getAll: async () => ({ permissions: [] }) };
  await world.local.set({ connection: makeConnection() });
});

test("before the first contact nothing is claimed", async () => {
  assert.equal(await state(RULES), "starting");
  await noteTrouble(new Unreachable());
  assert.deepEqual([await state(null), await state(RULES)], ["degraded", "offline"]);
  await noteContact();
  assert.equal(await state(RULES), "protected");
});

test("a browser that nobody looks after any more says so, and why, and is no longer called protected", async () => {
  for (const [code, shown] of [["session-ended", "ended"], ["browser-revoked", "browser-revoked"], ["client-archived", "client-archived"]]) {
    await noteTrouble(ended(code));
    assert.deepEqual([await state(RULES), (await shownTrouble(RULES)).code], ["ended", shown]);
  }
  await noteTrouble(ended("proof-required"));
  assert.equal(await state(RULES), "degraded");
});

test("a suspended organisation's browser goes on and says until when; after that something is wrong", async () => {
  await noteContact();
  assert.deepEqual([await state(suspended("suspended")), await shownTrouble(suspended("suspended"))], ["suspended", null]);
  assert.deepEqual([await state(suspended("lapsed")), (await shownTrouble(suspended("lapsed"))).code], ["degraded", "lapsed"]);
});

test("tabs are told the state that the badge shows", async () => {
  const shown = [];
  chrome.action.setTitle = async ({ title }) => shown.push(title);
  await noteTrouble(ended("browser-revoked"));
  assert.equal((await shownState(RULES)).state, "ended");
  assert.deepEqual(shown, ["state_ended"]);
});
