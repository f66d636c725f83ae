import assert from "node:assert/strict";
import { test } from "node:test";
import { sync } from "../../../../extension/src/worker/sync.js";
import { welcome } from "../../../../extension/src/worker/upkeep.js";
import { makePort, makeWorld } from "./network_world.mjs";

test("a page that comes to a worker just started is told nothing before the network judges", async () => {
  await makeWorld();
  await sync();
  const { port, told } = makePort();
  await welcome(port);
  assert.ok(told.some(({ message }) => message.t === "rules"));
  assert.ok(told.every(({ isReady, closed }) => isReady && closed === 0));
});
