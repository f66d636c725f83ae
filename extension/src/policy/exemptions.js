/** Exceptions that were granted: for a while, some kinds of findings at one AI service are noted. */

import { rank } from "./actions.js";

/** @typedef {import("../detection/finding.js").Finding} Finding */
/** @typedef {import("./actions.js").Action} Action */
/** @typedef {{id: string, service: string, kinds: string[], with_service: boolean, until: string}} Exemption */
/** @typedef {{names: string[], kinds: Set<string>, withService: boolean}} Relief */

/** @type {Action} What an exemption turns a stop into: it passes, and is recorded for review. */
const MILDEST = "flag";

/** @type {Relief} */
export const NO_RELIEF = { names: [], kinds: new Set(), withService: false };

/**
 * Return what is let pass at an AI service now. Without a moment nothing is.
 *
 * @param {Exemption[]} exemptions
 * @param {string} service
 * @param {number | undefined} moment Milliseconds since 1970.
 * @returns {Relief}
 */
export function relief(exemptions, service, moment) {
  if (moment === undefined) return NO_RELIEF;
  const held = exemptions.filter((one) => one.service === service && moment < Date.parse(one.until));
  return { names: held.map(({ id }) => id).toSorted(), kinds: new Set(held.flatMap(({ kinds }) => kinds)), withService: held.some((one) => one.with_service) };
}

/**
 * Return whether each of these findings is let pass.
 *
 * @param {Relief} relieved
 * @param {Finding[]} findings
 */
export const covers = ({ kinds }, findings) => findings.every(({ type }) => kinds.has(type));

/**
 * Return what an action becomes under an exemption; never a stricter one.
 *
 * @param {Action} action
 * @returns {Action}
 */
export const eased = (action) => (rank(action) < rank(MILDEST) ? action : MILDEST);
