import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { call } from "../../../../extension/src/worker/connection.js";
import { deliver, enqueue } from "../../../../extension/src/worker/queue.js";
import { noteSent, sent } from "../../../../extension/src/worker/sent.js";
import { makeBrowser, makeConnection, makeEvent } from "../world.mjs";

let world;
beforeEach(async () => {
  world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
});

/** Everything noted so far is in what is noted now. */
const all = async () => (await noteSent("/end", {}), (await sent()).slice(1));

test("what is shown as sent is what the server was told, event by event", async () => {
  world.answers["POST /audit/events"] = {};
  for (const id of ["e1", "e2"]) await enqueue(makeEvent(id));
  await deliver();
  const told = world.asked.at(-1).body.events;
  assert.deepEqual((await all()).map(({ said }) => said), told.toReversed());
});

test("of a prompt that was judged its length is kept, and not a word of it", async () => {
  world.answers["POST /analyze/prompt"] = {};
  await call("/analyze/prompt", { method: "POST", body: { text: "Maria Gonzalez has flu", service: "chatgpt.com" } });
  assert.deepEqual((await all()).map(({ said }) => said), [{ text: "… 22 …", service: "chatgpt.com" }]);
  assert.doesNotMatch(JSON.stringify([world.session.content, world.local.content]), /Gonzalez|flu/);
});

test("nothing is shown as sent that the server cannot have heard, and the list is bounded", async () => {
  await assert.rejects(call("/audit/events", { method: "POST", body: { events: [makeEvent("e1")] } }));
  assert.deepEqual(await all(), []);
  await Promise.all(Array.from({ length: 30 }, (_, number) => noteSent("/service-requests", { number })));
  assert.deepEqual((await sent()).map(({ said }) => said.number), Array.from({ length: 20 }, (_, back) => 29 - back));
});
