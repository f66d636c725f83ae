/** Fetches rules and policy, and believes them only when the signature holds. */

import { read, write } from "../browser.js";
import { call, connection } from "./connection.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {{etag: string, keyId: string, signature: string, bundle: string}} Kept */

/** Whoever made this bundle was not our server, or it is older than one we had. */
export class Untrusted extends Error {}

/**
 * Fetch the bundle if there is a newer one. Return the rules when they changed.
 *
 * @returns {Promise<Rules | null>}
 */
export async function sync() {
  /** @type {Kept | null | undefined} */
  const kept = await read("bundle");
  const response = await call("/sync", { headers: kept ? { "If-None-Match": kept.etag } : {} });
  if (response.status === 304) return null;
  const signed = await response.json();
  const fresh = { etag: response.headers.get("ETag") ?? "", keyId: String(signed.key_id), signature: String(signed.signature), bundle: String(signed.bundle) };
  const rules = await verified(fresh);
  const highest = (await read("highestVersion")) ?? 0;
  if (rules.policy.version < highest) throw new Untrusted("The server offered an older policy than this browser already had.");
  await write({ bundle: fresh, highestVersion: rules.policy.version });
  return rules;
}

/**
 * Return the last rules that were verified, verified again: storage may have been tampered with.
 *
 * @returns {Promise<Rules | null>}
 */
export async function lastRules() {
  /** @type {Kept | null | undefined} */
  const kept = await read("bundle");
  if (!kept) return null;
  try {
    return await verified(kept);
  } catch {
    await write({ bundle: null }); // so that the next fetch is a whole one
    return null;
  }
}

/**
 * Verify first, read afterwards (RFC 8032).
 *
 * @param {Kept} kept
 * @returns {Promise<Rules>}
 */
async function verified(kept) {
  const owner = await connection();
  const pinned = owner?.bundleKeys.find((key) => key.key_id === kept.keyId);
  if (!owner || !pinned) throw new Untrusted("The rules are signed with a key this browser does not know.");
  const key = await crypto.subtle.importKey("raw", bytes(pinned.public_key), "Ed25519", false, ["verify"]);
  const content = new TextEncoder().encode(kept.bundle);
  if (!(await crypto.subtle.verify("Ed25519", key, bytes(kept.signature), content))) throw new Untrusted("The rules' signature does not hold.");
  const bundle = JSON.parse(kept.bundle);
  if (bundle.tenant !== owner.client.id) throw new Untrusted("The rules are those of another organisation.");
  return { clientName: bundle.client_name, policy: bundle.policy, services: bundle.ai_services, adapters: bundle.adapters, rulebook: bundle.rulebook };
}

/**
 * @param {string} text base64url
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}
