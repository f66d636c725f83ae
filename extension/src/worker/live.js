/** The push socket: news of a policy in under a second. Only an accelerator: polling stays on. */

import { ownBuild } from "./build.js";
import { connection, renewed, socketProof } from "./connection.js";
import { health } from "./health.js";

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
const STABLE_MS = 60_000;
const LAST_STOP = 4999;
const FIRST_STOP = 4500;
const BAD_TOKEN = 4500;

/** @typedef {{onPolicy: (version: number) => void, onDecided: () => void, onOpen: () => void, onClosed: () => void}} Listener */

/** @type {WebSocket | null} */
let socket = null;
let delay = FIRST_MS;
let isTrying = false;

/** Whether news would arrive right now. */
export const isLive = () => socket?.readyState === WebSocket.OPEN;

/** @param {Listener} listener */
export async function keepOpen(listener) {
  if (isTrying || (socket && socket.readyState <= WebSocket.OPEN)) return;
  isTrying = true;
  try {
    if (!(await connection())) return;
    const owner = await renewed();
    open(owner, listener);
  } catch {
    again(listener);
  } finally {
    isTrying = false;
  }
}

/**
 * @param {import("./connection.js").Connection} owner
 * @param {Listener} listener
 */
function open(owner, listener) {
  const url = `${owner.server}/api/v1/live`;
  const opened = new WebSocket(url.replace(/^http/, "ws"), "quillgate.v1");
  socket = opened;
  let stable = 0;
  opened.addEventListener("open", () => void greet(opened, owner, url).catch(() => opened.close()));
  opened.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.t === "welcome") {
      stable = setTimeout(() => (delay = FIRST_MS), STABLE_MS);
      listener.onOpen();
    } else if (message.t === "policy.changed") listener.onPolicy(message.d.version);
    else if (message.t === "exception.decided" || message.t === "services.changed") listener.onDecided();
    else if (message.t === "ping") opened.send(JSON.stringify({ t: "pong", id: message.id }));
    else if (message.t === "auth.refresh") void sendFreshToken(opened);
  });
  opened.addEventListener("close", ({ code }) => {
    clearTimeout(stable);
    if (socket === opened) socket = null;
    listener.onClosed();
    if (code < FIRST_STOP || code > LAST_STOP || code === BAD_TOKEN) again(listener);
  });
}

/**
 * Say hello, with a proof that is made only now: it is good for a minute.
 *
 * @param {WebSocket} opened
 * @param {import("./connection.js").Connection} owner
 * @param {string} url
 */
async function greet(opened, owner, url) {
  const proof = await socketProof(owner, url);
  const content = { token: owner.accessToken, ...(proof ? { proof } : {}), client_version: await ownBuild(), subs: [{ ch: "policy", epoch: null, offset: null }] };
  opened.send(JSON.stringify({ t: "hello", d: content }));
}

/** @param {WebSocket} opened */
async function sendFreshToken(opened) {
  const owner = await renewed(true).catch(() => null);
  if (owner && opened.readyState === WebSocket.OPEN) opened.send(JSON.stringify({ t: "auth.refresh", d: { token: owner.accessToken } }));
}

/** @param {Listener} listener */
function again(listener) {
  setTimeout(() => void keepOpen(listener), Math.random() * delay);
  delay = Math.min(delay * 2, LONGEST_MS);
}

/**
 * Tell the server which version this browser's tabs obey, and how its adapters fare.
 *
 * @param {number} policyVersion
 * @param {string} rulebookVersion
 * @param {{delivered?: number}} [more] Up to which number events were delivered, where there is time to look.
 */
export async function acknowledge(policyVersion, rulebookVersion, more = {}) {
  const d = { version: policyVersion, rulebook_version: rulebookVersion, adapters: await health(), ...more };
  if (isLive()) socket?.send(JSON.stringify({ t: "ack", d }));
}
