import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { enqueue, deliver, remember, waiting } from "../../../../extension/src/worker/queue.js";
import { isShort } from "../../../../extension/src/worker/room.js";
import { makeBrowser, makeConnection, makeEvent } from "../world.mjs";

let world;
beforeEach(async () => {
  world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
});

/** As chrome.storage does: what goes over the limit is refused whole. */
function limitStorage(room) {
  const { set } = world.local;
  world.local.set = async (values) => {
    if (JSON.stringify({ ...world.local.content, ...values }).length > room) throw new Error("Resource::kQuotaBytes quota exceeded");
    return set(values);
  };
}
const size = () => JSON.stringify(world.local.content).length;

test("where storage is full the notes go and every event stays", async () => {
  for (let number = 0; number < 8; number += 1) await remember({ id: `s${number}`, at: "2026-11-20T10:00:00Z", action: "block", service: "chatgpt.com", kinds: ["PERSON"] });
  limitStorage(size() + 200);
  for (const id of ["e1", "e2"]) await enqueue(makeEvent(id));
  assert.deepEqual((await waiting()).map(({ event_id }) => event_id), ["e1", "e2"]);
  assert.equal(world.local.content.recent, undefined);
  assert.equal(await isShort(), true);
});

test("where there is no room even so, the tab is told nothing and what is stored stays", async () => {
  await enqueue(makeEvent("e1"));
  limitStorage(size() + 10);
  await assert.rejects(enqueue(makeEvent("e2")), { code: "full" });
  await remember({ id: "s1", at: "2026-11-20T10:00:00Z", action: "block", service: "chatgpt.com", kinds: [] });
  assert.deepEqual((await waiting()).map(({ event_id }) => event_id), ["e1"]);
  world.answers["POST /audit/events"] = {};
  await deliver();
  assert.deepEqual(await waiting(), []);
});
