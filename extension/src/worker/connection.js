/** Which server and client this browser belongs to, and calls to that server. */

import { read, write } from "../browser.js";
import { noteTime } from "./clock.js";
import { keyNamed } from "./device_key.js";
import { proofFor } from "./proof.js";
import { noteSent } from "./sent.js";

/**
 * @typedef {object} Connection
 * @property {string} server
 * @property {string} deviceId
 * @property {{id: string, name: string}} client
 * @property {{id: string, name: string}} user
 * @property {{key_id: string, public_key: string}[]} bundleKeys
 * @property {string} accessToken
 * @property {string} refreshToken
 * @property {number} accessUntil Milliseconds since the epoch.
 * @property {string} [keyName] The key its tokens are bound to; none where it was connected before there were keys.
 */

const EARLY_MS = 30_000;
const TIMEOUT_MS = 10_000;

/** What a server says to a browser that it no longer looks after, where it knows why. */
export const ENDS = new Set(["browser-revoked", "client-archived", "ended"]);

/** @typedef {import("../messages.js").Trouble} Trouble */

/** The server could not be reached; nothing was decided by it. */
export class Unreachable extends Error {
  constructor() {
    super("The server could not be reached.");
    this.code = "unreachable";
  }
}

/** The server answered no, with its own sentence. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Return what an error means for a person.
 *
 * @param {any} error
 * @returns {Trouble}
 */
export function troubleOf(error) {
  const isOver = error instanceof Refused && error.status === 401 && !error.code.startsWith("proof-");
  if (isOver && !ENDS.has(error.code)) return { code: "ended", detail: error.message };
  return { code: error?.code || "broken", detail: error instanceof Refused ? error.message : "" };
}

/** @returns {Promise<Connection | undefined>} */
export const connection = () => read("connection");

/**
 * @param {string} url
 * @param {RequestInit} init
 */
async function reach(url, init) {
  try {
    return await fetch(url, { ...init, signal: init.signal ?? AbortSignal.timeout(TIMEOUT_MS), credentials: "omit", cache: "no-store" });
  } catch {
    throw new Unreachable();
  }
}

/** @param {Response} response */
async function refuseUnlessFine(response) {
  if (response.ok || response.status === 304) return response;
  const problem = await response.json().catch(() => ({}));
  if (response.status >= 500) throw new Unreachable();
  throw new Refused(response.status, problem.code ?? "", problem.detail ?? `The server answered ${response.status}.`);
}

/**
 * Post without a token, with a proof where there is a key. A wrong clock is put right once.
 *
 * @param {string} url
 * @param {unknown} body
 * @param {import("./device_key.js").DeviceKey} [key]
 */
export async function postJson(url, body, key) {
  const send = async () =>
    reach(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(key ? { DPoP: await proofFor(key, "POST", url) } : {}) },
      body: JSON.stringify(body),
    });
  let response = await send();
  if (key && response.status === 401) {
    await noteTime(response);
    if ((await response.clone().json().catch(() => ({}))).code === "proof-time") response = await send();
  }
  return (await refuseUnlessFine(response)).json();
}

/**
 * Return the key of a connection; undefined where it has none.
 *
 * @param {Connection} owner
 */
async function keyOf(owner) {
  if (!owner.keyName) return undefined;
  const key = await keyNamed(owner.keyName);
  if (!key) throw new Refused(401, "key-lost", "This browser has lost its key. Connect it again.");
  return key;
}

/** Whether this browser is connected and still holds its key. */
export async function isUsable() {
  const owner = await connection();
  return Boolean(owner && (!owner.keyName || (await keyNamed(owner.keyName))));
}

/**
 * Return what a request to `url` says about us.
 *
 * @param {Connection} owner
 * @param {string} method
 * @param {string} url
 * @returns {Promise<Record<string, string>>}
 */
async function authorization(owner, method, url) {
  const key = await keyOf(owner);
  if (!key) return { Authorization: `Bearer ${owner.accessToken}` };
  return { Authorization: `DPoP ${owner.accessToken}`, DPoP: await proofFor(key, method, url, owner.accessToken) };
}

/**
 * Return the proof of the socket's first message; empty where this browser has no key.
 *
 * @param {Connection} owner
 * @param {string} url The socket's address, with http for ws.
 */
export const socketProof = async (owner, url) => (await authorization(owner, "GET", url)).DPoP ?? "";

/** @type {Promise<Connection> | null} */
let renewing = null;

/**
 * Return the connection with a token that is good for a while; one renewal at a time.
 *
 * @param {boolean} [isForced]
 */
export async function renewed(isForced = false) {
  const current = await connection();
  if (!current) throw new Refused(401, "unconnected", "This browser is not connected.");
  if (!isForced && current.accessUntil - EARLY_MS > Date.now()) return current;
  renewing ??= renew(current).finally(() => (renewing = null));
  return renewing;
}

/**
 * @param {Connection} current
 * @returns {Promise<Connection>}
 */
async function renew(current) {
  const fresh = await postJson(`${current.server}/api/v1/auth/refresh`, { refresh_token: current.refreshToken }, await keyOf(current));
  const now = await connection();
  if (now?.deviceId !== current.deviceId) return renewed(); // connected anew while we asked
  const next = { ...current, accessToken: fresh.access_token, refreshToken: fresh.refresh_token, accessUntil: Date.now() + fresh.expires_in * 1000 };
  await write({ connection: next });
  return next;
}

/**
 * Call the API as this browser.
 *
 * @param {string} path
 * @param {{method?: string, body?: unknown, headers?: Record<string, string>, timeoutMs?: number, client?: string}} [options]
 *   With `client` only as long as this browser is that client's.
 */
export async function call(path, { method = "GET", body, headers = {}, timeoutMs = TIMEOUT_MS, client } = {}) {
  const send = async (/** @type {Connection} */ as) => {
    if (client && as.client.id !== client) throw new Unreachable();
    const url = `${as.server}/api/v1${path}`;
    return reach(url, {
      method,
      headers: { ...(await authorization(as, method, url)), ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  };
  let response = await send(await renewed());
  await noteTime(response);
  if (response.status === 401) response = await send(await renewed(true));
  if (body !== undefined) void noteSent(path, body);
  return refuseUnlessFine(response);
}
