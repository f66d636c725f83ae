import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { makeBrowser } from "../world.mjs";

const PROMPT = "https://chatgpt.com/backend-api/f/conversation";
const SSN = "My SSN is 536-90-4399";
const raw = (text) => ({ raw: [{ bytes: typeof text === "string" ? new TextEncoder().encode(text).buffer : text }] });
const body = (text) => raw(JSON.stringify({ messages: [{ content: { parts: [text] } }] }));
const RULE = { id: "us-ssn", type: "US_SSN", category: "pii", family: "government-id", severity: "high" };
let network;
let listeners;
let reports;
let world;

beforeEach(async () => {
  world = makeBrowser();
  listeners = {};
  reports = [];
  chrome.webRequest = { onBeforeRequest: { addListener: (call, _, extra) => (listeners[extra.includes("blocking") ? "stop" : "look"] = call) } };
  chrome.permissions = { getAll: async () => ({ permissions: ["webRequest"] }) };
  network = await import(`../../../../extension/src/worker/network.js?${Math.random()}`);
  network.watch((event, isStopped) => reports.push({ event, isStopped }));
});

const rules = async (document = {}) => {
  const rulebook = JSON.parse(await (await import("node:fs/promises")).readFile(new URL("../../../../extension/bundled/rulebook.json", import.meta.url), "utf8"));
  const wanted = { ...rulebook, rules: rulebook.rules.filter(({ id }) => id === RULE.id) };
  return { clientName: "Clinic", policy: { version: 1, etag: "1", document: { name: "p", categories: { phi: { action: "block" }, pii: { action: "block" } }, ...document } }, services: [], adapters: [], rulebook: wanted, custom: null, exemptions: [] };
};
const stop = (requestBody, more = {}) => listeners.stop({ url: PROMPT, method: "POST", initiator: "https://chatgpt.com", requestBody, ...more }).cancel === true;

test("a prompt that must not leave is stopped, a harmless one and other requests are not", async () => {
  network.obey(await rules(), true);
  assert.equal(stop(body(SSN)), true);
  assert.equal(stop(body("a poem")), false);
  assert.equal(stop(raw(SSN), { url: "https://chatgpt.com/telemetry" }), false);
  assert.equal(stop({ formData: { prompt: [SSN] } }), true);
});

test("an address that only a newer adapter knows is watched as soon as it is synced", async () => {
  const { bundled } = await import("../../../../extension/bundled/adapters.js");
  const newer = bundled.map((one) => (one.id === "chatgpt" ? { ...one, v: 99, requests: [{ ...one.requests[0], path: "/moved" }] } : one));
  network.obey(await rules(), true);
  assert.equal(stop(body(SSN), { url: "https://chatgpt.com/moved" }), false);
  network.obey({ ...(await rules()), adapters: newer }, true);
  assert.equal(stop(body(SSN), { url: "https://chatgpt.com/moved" }), true);
});

test("what a person sent is told by its page, and leaves", async () => {
  network.obey(await rules(), true);
  const { hashOf } = await import("../../../../extension/src/leaving/releases.js");
  network.letGo([hashOf(SSN)]);
  assert.equal(stop(body(SSN)), false);
  assert.equal(stop(body(`${SSN} and 943-47-5919`)), true);
  network.letGo([hashOf("536-90-4399")]);
  assert.equal(stop(body("*My* SSN is **536-90-4399**")), false);
});

test("what cannot be read is stopped, but for a policy that lets pass what nobody checked", async () => {
  network.obey(await rules(), true);
  assert.equal(stop({ error: "Unknown error." }), true);
  assert.equal(stop(raw(new Uint8Array([31, 139, 8, 0, 255, 254]).buffer)), true);
  assert.equal(stop({ raw: [{ file: "/a" }] }), true);
  network.obey(await rules({ on_unavailable: "allow_and_queue" }), true);
  assert.equal(stop({ error: "Unknown error." }), false);
});

test("woken by a request, and without rules yet, nothing leaves unjudged; a browser of nobody is left alone", async () => {
  assert.equal(stop(body("a poem")), true);
  network.obey(null, false);
  assert.equal(stop(body(SSN)), false);
});

test("a page that tries again and again is one event, and no text is in it", async () => {
  network.obey(await rules(), true);
  for (let time = 0; time < 5; time += 1) stop(body(SSN));
  assert.equal(reports.length, 1);
  assert.deepEqual([reports[0].event.action, reports[0].event.disposition, reports[0].isStopped], ["block", "prevented", true]);
  assert.ok(!JSON.stringify(reports).includes("536-90"));
});

test("where nothing can be stopped it is reported as having left, within a second", async () => {
  network.obey(await rules(), true);
  await listeners.look({ url: PROMPT, method: "POST", initiator: "https://chatgpt.com", requestBody: body(SSN) });
  await new Promise((done) => setTimeout(done, 600));
  assert.deepEqual(reports.map(({ event, isStopped }) => [event.disposition, isStopped]), [["sent_unflagged", false]]);
});
