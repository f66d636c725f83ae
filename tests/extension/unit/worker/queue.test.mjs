import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { deliver, enqueue, waiting } from "../../../../extension/src/worker/queue.js";
import { makeBrowser, makeConnection, makeEvent } from "../world.mjs";

const EVENTS = "POST /audit/events";
let world;
beforeEach(async () => {
  world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
});

const ids = (events) => events.map(({ event_id }) => event_id);
const told = () => world.asked.filter(({ path }) => path === EVENTS).map(({ body }) => ids(body.events));

test("an event told twice by a tab is kept once", async () => {
  await Promise.all([enqueue(makeEvent("e1")), enqueue(makeEvent("e1")), enqueue(makeEvent("e2"))]);
  assert.deepEqual(ids(await waiting()), ["e1", "e2"]);
});

test("events wait while the server is away, are marked late, and are delivered once each", async () => {
  await world.local.set({ "queue clinic": Array.from({ length: 999 }, (_, number) => makeEvent(`e${number}`)) });
  await enqueue(makeEvent("e999"));
  await assert.rejects(deliver(), { code: "unreachable" });
  assert.ok((await waiting()).every(({ late }) => late));
  world.answers[EVENTS] = {};
  await Promise.all([deliver(), deliver()]);
  const delivered = told().slice(1).flat();
  assert.equal(delivered.length, 1000);
  assert.equal(new Set(delivered).size, 1000);
  assert.deepEqual(await waiting(), []);
});

test("one event the server will never take does not hold the others", async () => {
  for (const id of ["e1", "bad", "e3", "e4"]) await enqueue(makeEvent(id));
  world.answers[EVENTS] = ({ body }) => (ids(body.events).includes("bad") ? { status: 422, body: { code: "invalid-input" } } : {});
  await deliver();
  assert.deepEqual(await waiting(), []);
  assert.deepEqual(told().filter((group) => !group.includes("bad")).flat().toSorted(), ["e1", "e3", "e4"]);
});

test("a browser that was ended keeps its events, whatever the server says", async () => {
  await enqueue(makeEvent("e1"));
  for (const status of [401, 403, 429, 500]) {
    world.answers[EVENTS] = { status };
    world.answers["POST /auth/refresh"] = { status: 401, body: { code: "session-ended" } };
    await assert.rejects(deliver());
    assert.deepEqual(ids(await waiting()), ["e1"]);
  }
});

test("one organisation's events are never told to another's server", async () => {
  await enqueue(makeEvent("e1"));
  world.answers[EVENTS] = {};
  await world.local.set({ connection: makeConnection({ client: { id: "practice", name: "Practice" } }) });
  await deliver();
  assert.deepEqual(told(), []);
  assert.deepEqual(await waiting(), []);
  await world.local.set({ connection: makeConnection() });
  await deliver();
  assert.deepEqual(told(), [["e1"]]);
});

test("1,000 events reach a server that loses every third answer, each once in effect, with their own times", async () => {
  const day = Date.parse("2026-11-20T10:00:00Z");
  // A clock that is set back and forth by hours while they wait.
  const made = Array.from({ length: 1000 }, (_, number) => makeEvent(`e${number}`, { occurred_at: new Date(day + (number % 3) * 7_200_000 - number).toISOString() }));
  await world.local.set({ "queue clinic": made });
  const recorded = new Map();
  let asked = 0;
  world.answers[EVENTS] = ({ body }) => {
    for (const event of body.events) if (!recorded.has(event.event_id)) recorded.set(event.event_id, event.occurred_at);
    asked += 1;
    return asked % 3 ? {} : new TypeError("the answer is lost");
  };
  while ((await waiting()).length) await deliver().catch(() => undefined);
  assert.deepEqual([...recorded], made.map(({ event_id, occurred_at }) => [event_id, occurred_at]));
});
