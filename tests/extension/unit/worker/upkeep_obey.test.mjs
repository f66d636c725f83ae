import assert from "node:assert/strict";
import { test } from "node:test";
import { wake } from "../../../../extension/src/worker/upkeep.js";
import { makePort, makeWorld } from "./network_world.mjs";

test("no page is told its rules before the network judges by them and its gate is open", async () => {
  await makeWorld();
  const { told } = makePort();
  await wake();
  const [first] = told.filter(({ message }) => "rules" in message || message.t === "obey");
  assert.ok(first, JSON.stringify(told.map(({ message }) => message.t)));
  assert.deepEqual({ isReady: first.isReady, closed: first.closed }, { isReady: true, closed: 0 });
});
