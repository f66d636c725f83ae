// A worker's browser whose network gate takes a while, and a page that notes how the network stood at each thing it was told.

import * as network from "../../../../extension/src/worker/network.js";
import { add } from "../../../../extension/src/worker/tabs.js";
import { makeBrowser, makeConnection, makeSigner } from "../world.mjs";

let gate;

/** Put it around the worker's modules, connected to a server that has rules for it. */
export async function makeWorld() {
  const world = makeBrowser();
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
}

/** A page's port, and what the page was told. */
export function makePort() {
  const told = [];
  const port = { sender: { tab: { id: 7 }, frameId: 0 }, onDisconnect: { addListener: () => {} }, postMessage: (message) => told.push({ message, isReady: network.isReady(), closed: gate.length }) };
  add(port);
  return { port, told };
}
