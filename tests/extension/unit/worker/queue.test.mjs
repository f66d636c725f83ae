import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { deliver, delivered, enqueue, waiting } from "../../../../extension/src/worker/queue.js";
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

test("every event has a number, also one that is dropped, and a number is told with its event", async () => {
  for (const id of ["e1", "e1", "bad", "e3"]) await enqueue(makeEvent(id));
  world.answers[EVENTS] = ({ body }) => (ids(body.events).includes("bad") ? { status: 422, body: { code: "invalid-input" } } : {});
  assert.equal(await delivered(), 0);
  await deliver();
  const groups = world.asked.filter(({ path }) => path === EVENTS).map(({ body }) => [ids(body.events), body.numbers]);
  assert.deepEqual(groups.filter(([events]) => !events.includes("bad")), [[["e3"], [3]], [["e1"], [1]]].toSorted());
  assert.equal(await delivered(), 3); // the server has never seen 2, and knows now that it never will
  assert.ok(world.asked.every(({ body }) => !body?.events?.some((event) => "number" in event || "device" in event)));
});

test("connected anew a browser counts anew, and what it counted before is told without a number", async () => {
  await enqueue(makeEvent("e1"));
  await world.local.set({ connection: makeConnection({ deviceId: "d2" }) });
  await enqueue(makeEvent("e2"));
  world.answers[EVENTS] = {};
  await deliver();
  assert.deepEqual(world.asked.at(-1).body.numbers, [null, 1]);
});

test("an event has the server's time where this machine's clock is wrong, and also where it is set back meanwhile", async () => {
  const { now } = Date;
  const sent = (hours) => makeEvent(`h${hours}`, { occurred_at: new Date(Date.now()).toISOString() });
  const apart = (queued) => Math.round((Date.parse(queued.at(-1).occurred_at) - now()) / 3_600_000) || 0;
  world.answers[EVENTS] = () => ({ date: new Date(now()).toUTCString() });
  await world.local.set({ connection: makeConnection({ accessUntil: now() + 86_400_000 }) });
  try {
    Date.now = () => now() + 2 * 3_600_000;
    await enqueue(sent(2));
    assert.equal(apart(await waiting()), 2); // nobody has told us better yet
    await deliver();
    await enqueue(sent(3));
    assert.equal(apart(await waiting()), 0);
    Date.now = () => now() - 5 * 3_600_000;
    await enqueue(sent(-5));
    assert.equal(apart(await waiting()), 0);
  } finally {
    Date.now = now;
  }
});
