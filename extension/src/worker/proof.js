/** Proves with each request that this browser holds its key (RFC 9449, DPoP), by the server's clock. */

import { serverTime } from "./clock.js";
import { digest, encoded } from "./device_key.js";

/** @typedef {import("./device_key.js").DeviceKey} DeviceKey */

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
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: `${origin}${pathname}`,
    iat: Math.floor((await serverTime()) / 1000),
    ...(token === undefined ? {} : { ath: await digest(token) }),
  };
  const signed = `${part({ typ: "dpop+jwt", alg: "ES256", jwk: key.jwk })}.${part(claims)}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.pair.privateKey, new TextEncoder().encode(signed));
  return `${signed}.${encoded(new Uint8Array(signature))}`;
}

/** @param {unknown} content */
const part = (content) => encoded(new TextEncoder().encode(JSON.stringify(content)));
