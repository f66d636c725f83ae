/** Fetches rules and policy, and believes them only when the signature holds. */

import { read, write } from "../browser.js";
import { usable } from "../leaving/adapters.js";
import { call, connection } from "./connection.js";
import { keep } from "./room.js";
import { fetchedRulebook, heldRulebook, noteStored, unstored } from "./rulebooks.js";
import { turns } from "./turns.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("../messages.js").Rulebook} Rulebook */
/** @typedef {{etag: string, keyId: string, signature: string, bundle: string}} Kept */
/** @typedef {{client: string, version: number, issued: string}} Highest */
/** @typedef {{rules: Rules, client: string, issued: string, expires: string}} Verified */

const FORMAT = 1;
/** What was asked for first must not be obeyed last. */
const inTurn = turns();

/** Whoever made this bundle was not our server, or it is older than one we had. */
export class Untrusted extends Error {
  /** @param {"signature" | "foreign" | "format" | "older"} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * Fetch the bundle if there is a newer one. Return the rules when they changed.
 *
 * @param {(rules: Rules) => Promise<void>} [obey] Called before they are stored: a slow disk must not let a tab wait.
 * @returns {Promise<Rules | null>}
 */
export const sync = (obey) => inTurn(() => fetchNewer(obey));

/** @param {(rules: Rules) => Promise<void>} [obey] */
async function fetchNewer(obey) {
  /** @type {Kept | null | undefined} */
  const kept = await read("bundle");
  const response = await call("/sync?rulebook=apart", { headers: kept ? { "If-None-Match": kept.etag } : {} });
  if (response.status === 304) return null;
  const signed = await response.json();
  const bundle = { etag: response.headers.get("ETag") ?? "", keyId: String(signed.key_id), signature: String(signed.signature), bundle: String(signed.bundle) };
  const fresh = await verified(bundle, fetchedRulebook);
  await refuseOlder(fresh);
  await obey?.(fresh.rules);
  await keep({ bundle, highest: { client: fresh.client, version: fresh.rules.policy.version, issued: fresh.issued }, ...unstored() });
  noteStored();
  return fresh.rules;
}

/**
 * Refuse an older policy, and a bundle that had expired when the newest one was issued: somebody
 * plays it again. Only the server's own times are compared, so a wrong clock here locks nobody out.
 *
 * @param {Verified} fresh
 */
async function refuseOlder({ rules, client, expires }) {
  /** @type {Highest | null | undefined} */
  const highest = await read("highest");
  if (highest?.client !== client) return;
  if (rules.policy.version < highest.version || Date.parse(expires) < Date.parse(highest.issued)) throw new Untrusted("older");
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
    return (await verified(kept, heldRulebook)).rules;
  } catch {
    await write({ bundle: null }); // so that the next fetch is a whole one
    return null;
  }
}

/**
 * Verify first, read afterwards (RFC 8032).
 *
 * @param {Kept} kept
 * @param {(digest: string) => Promise<Rulebook>} rulebookOf Servers that know nothing of it put the rulebook inside.
 * @returns {Promise<Verified>}
 */
async function verified(kept, rulebookOf) {
  const owner = await connection();
  const pinned = owner?.bundleKeys.find((key) => key.key_id === kept.keyId);
  if (!owner || !pinned) throw new Untrusted("signature");
  const key = await crypto.subtle.importKey("raw", bytes(pinned.public_key), "Ed25519", false, ["verify"]);
  const content = new TextEncoder().encode(kept.bundle);
  if (!(await crypto.subtle.verify("Ed25519", key, bytes(kept.signature), content))) throw new Untrusted("signature");
  const bundle = JSON.parse(kept.bundle);
  if (bundle.format !== FORMAT) throw new Untrusted("format");
  if (bundle.tenant !== owner.client.id) throw new Untrusted("foreign");
  const rulebook = bundle.rulebook ?? (await rulebookOf(String(bundle.rulebook_digest)));
  const rules = { clientName: bundle.client_name, policy: bundle.policy, services: bundle.ai_services, adapters: usable(bundle.adapters), rulebook, custom: bundle.custom ?? null, exemptions: bundle.exemptions ?? [], suspension: bundle.suspension ?? null };
  return { rules, client: bundle.tenant, issued: bundle.issued, expires: bundle.expires };
}

/**
 * @param {string} text base64url; anything else becomes bytes that verify nothing.
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytes(text) {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
