/** Proves with each request that this browser holds its key (RFC 9449, DPoP), by the server's clock. */

import { memorise, recall } from "../browser.js";
import { digest, encoded } from "./device_key.js";

/** @typedef {import("./device_key.js").DeviceKey} DeviceKey */

/** A Date header says whole seconds and arrives late: below this, our own clock is as good. */
const EXACT_MS = 5000;

/**
 * Make a proof for one request; another request needs another one.
 *
 * @param {DeviceKey} key
 * @param {string} method
 * @param {string} url
 * @param {string} [token] The access token it is sent with.
 */
export async function proofFor(key, method, url, token) {
  const { origin, pathname } = new URL(url);
  const offset = (await recall("clockOffset")) ?? 0;
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: `${origin}${pathname}`,
    iat: Math.floor((Date.now() + offset) / 1000),
    ...(token === undefined ? {} : { ath: await digest(token) }),
  };
  const signed = `${part({ typ: "dpop+jwt", alg: "ES256", jwk: key.jwk })}.${part(claims)}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.pair.privateKey, new TextEncoder().encode(signed));
  return `${signed}.${encoded(new Uint8Array(signature))}`;
}

/**
 * Learn from an answer how far our clock is from the server's.
 *
 * @param {Response} response
 */
export async function noteTime(response) {
  const said = Date.parse(response.headers.get("Date") ?? "");
  if (Number.isNaN(said)) return;
  const offset = said - Date.now();
  await memorise({ clockOffset: Math.abs(offset) < EXACT_MS ? 0 : offset });
}

/** @param {unknown} content */
const part = (content) => encoded(new TextEncoder().encode(JSON.stringify(content)));
