import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as network from "../../../../extension/src/worker/network.js";
import { sync } from "../../../../extension/src/worker/sync.js";
import { add } from "../../../../extension/src/worker/tabs.js";
import { wake, welcome } from "../../../../extension/src/worker/upkeep.js";
import { makeBrowser, makeConnection, makeSigner } from "../world.mjs";

let world;
let gate;
beforeEach(async () => {
  world = makeBrowser();
  gate = [];
  const slowly = () => new Promise((done) => setTimeout(done, 30));
  Object.assign(chrome, {
    alarms: { create: async () => {} },
    declarativeNetRequest: { getSessionRules: async () => gate, updateSessionRules: async ({ addRules }) => (await slowly(), void (gate = addRules)) },
    permissions: { getAll: async () => ({ permissions: ["webRequestBlocking"] }), contains: async () => true },
    tabs: { query: async () => [] },
    webRequest: { onBeforeRequest: { addListener: () => {}, removeListener: () => {} } },
  });
  globalThis.WebSocket = class extends EventTarget {
    static OPEN = 1;
    readyState = 0;
    close() {}
  };
  const signer = await makeSigner();
  await world.local.set({ connection: makeConnection({ bundleKeys: [signer.key] }) });
  world.answers["GET /sync"] = await signer.sign();
});

/** A page's port, and how the network stood at each thing the page was told. */
function makePort() {
  const told = [];
  const port = { sender: { tab: { id: 7 }, frameId: 0 }, onDisconnect: { addListener: () => {} }, postMessage: (message) => told.push({ message, isReady: network.isReady(), closed: gate.length }) };
  add(port);
  return { port, told };
}

test("a page that comes to a worker just started is told nothing before the network judges", async () => {
  await sync();
  const { port, told } = makePort();
  await welcome(port);
  assert.ok(told.some(({ message }) => message.t === "rules"));
  assert.ok(told.every(({ isReady, closed }) => isReady && closed === 0));
});

test("no page is told its rules before the network judges by them and its gate is open", async () => {
  const { told } = makePort();
  await wake();
  const [first] = told.filter(({ message }) => "rules" in message || message.t === "obey");
  assert.ok(first, JSON.stringify(told.map(({ message }) => message.t)));
  assert.deepEqual({ isReady: first.isReady, closed: first.closed }, { isReady: true, closed: 0 });
});
