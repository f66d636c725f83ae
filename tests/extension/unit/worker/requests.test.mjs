import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { enqueue } from "../../../../extension/src/worker/queue.js";
import { ask, refresh, requests, seen } from "../../../../extension/src/worker/requests.js";
import { makeBrowser, makeConnection, makeEvent } from "../world.mjs";

const WORDS = "The insurer asks for it today.";
const QUESTION = { t: "ask", id: "q1", submissionId: "s1", justification: "legal", words: WORDS };
const says = (state, more = {}) => ({ id: "x1", submission_id: "s1", service: "chatgpt", kinds: ["US_SSN"], state, approvals: 0, created_at: "2026-11-26T12:00:00Z", answer_until: "2026-11-27T12:00:00Z", ends_at: null, words: WORDS, said: [], ...more });
let world;
beforeEach(async () => {
  world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
  world.answers["POST /audit/events"] = {};
  world.answers["POST /exceptions"] = { status: 201, body: says("pending") };
});
const answers = (...items) => (world.answers["GET /exceptions"] = { body: { items } });
const states = async () => (await requests()).map(({ state }) => state);

test("what was stopped is told before anybody is asked about it, and the words stay with the server", async () => {
  await enqueue(makeEvent("e1"));
  assert.equal((await ask(QUESTION)).trouble, null);
  assert.deepEqual(world.asked.map(({ path }) => path), ["POST /audit/events", "POST /exceptions"]);
  assert.deepEqual(await states(), ["pending"]);
  assert.ok(!JSON.stringify(world.local.content).includes(WORDS));
});

test("a refusal is told with its code, and nothing is kept", async () => {
  world.answers["POST /exceptions"] = { status: 409, body: { code: "exceptions-off", detail: "No." } };
  assert.deepEqual((await ask(QUESTION)).trouble, { code: "exceptions-off", detail: "No." });
  assert.deepEqual(await states(), []);
});

test("an answer stays until it was read; what may still change is asked for again", async () => {
  await ask(QUESTION);
  answers(says("rejected", { said: [{ decision: "reject", reason: "Redact it." }] }));
  await refresh();
  assert.equal((await requests())[0].answer, "Redact it.");
  await seen("x1", "rejected");
  assert.deepEqual(await states(), []);
  const before = world.asked.length;
  await refresh();
  assert.equal(world.asked.length, before, "nothing is left to ask about");
});

test("what was put away while it waited comes back with the answer", async () => {
  await ask(QUESTION);
  await seen("x1", "pending");
  answers(says("active", { ends_at: "2026-11-26T13:00:00Z" }));
  await refresh();
  const [one] = await requests();
  assert.deepEqual([one.state, one.hidden], ["active", "pending"]);
});

test("what somebody let pass without being asked here is told when an answer is announced", async () => {
  answers(says("active", { id: "x2", ends_at: "2026-11-26T13:00:00Z" }), says("expired", { id: "x3" }));
  await refresh();
  assert.deepEqual(await states(), []);
  await refresh(true);
  assert.deepEqual(await states(), ["active"]);
});

test("another organisation's requests are not ours", async () => {
  await ask(QUESTION);
  await world.local.set({ connection: { ...makeConnection(), client: { id: "other", name: "Other" } } });
  assert.deepEqual(await requests(), []);
});
