/** The rulebook, by the digest that signed bundles name it by: it is the bulk of the rules, and rarely another one. */

import { read } from "../browser.js";
import { call } from "./connection.js";
import { digest as digestOf } from "./device_key.js";

/** @typedef {import("../messages.js").Rulebook} Rulebook */

/** The one read last; its text is held until it is stored. @type {{digest: string, rulebook: Rulebook, text: string} | null} */
let last = null;

/** It is not the one a bundle names, or there is none. */
export class Missing extends Error {
  code = "signature";
}

/**
 * Return the rulebook of a digest as it is here. Raise Missing.
 *
 * @param {string} digest
 * @returns {Promise<Rulebook>}
 */
export async function heldRulebook(digest) {
  return last?.digest === digest ? last.rulebook : opened((await read("rulebook")) ?? "", digest, true);
}

/**
 * Return the rulebook of a digest, fetched where it is not here. Raise Missing, Refused or Unreachable.
 *
 * @param {string} digest
 * @returns {Promise<Rulebook>}
 */
export async function fetchedRulebook(digest) {
  try {
    return await heldRulebook(digest);
  } catch {
    return opened(await (await call(`/sync/rulebooks/${encodeURIComponent(digest)}`)).text(), digest, false);
  }
}

/** What is to be stored together with the bundle that names it. */
export const unstored = () => (last?.text ? { rulebook: last.text } : {});

export const noteStored = () => void (last && (last.text = ""));

/**
 * @param {string} text
 * @param {string} digest
 * @param {boolean} isStored
 * @returns {Promise<Rulebook>}
 */
async function opened(text, digest, isStored) {
  if ((await digestOf(text)) !== digest) throw new Missing();
  last = { digest, rulebook: JSON.parse(text), text: isStored ? "" : text };
  return last.rulebook;
}
