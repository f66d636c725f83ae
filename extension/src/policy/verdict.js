/**
 * The answer to one submission, and the words for how it came about.
 *
 * @typedef {import("../detection/finding.js").Finding} Finding
 * @typedef {import("./actions.js").Action} Action
 *
 * @typedef {{service_status?: string, channel?: string, rulebook_version?: string, service?: string, moment?: number, exemptions?: import("./exemptions.js").Exemption[]}} Context
 *
 * @typedef {{field: string, action: Action, findings: number[]}} Reason One field of the policy, what
 *   it called for, and the findings it is about, by position.
 *
 * @typedef {object} Verdict
 * @property {Action} action The strictest any reason called for.
 * @property {Finding[]} findings Those the policy takes seriously, in text order.
 * @property {number} policy_version
 * @property {string} rulebook_version
 * @property {string[]} remedies
 * @property {string} message
 * @property {Reason[]} provenance Strictest first.
 * @property {Reason[]} shadow What settings in shadow would have called for; nothing of it acts.
 * @property {string[]} exemptions The ids of those without which this would have been stricter.
 * @property {number[]} to_redact Positions in `findings` that "redact and send" replaces.
 */

import { rank } from "./actions.js";

/**
 * Order reasons, strictest first.
 *
 * @param {Reason} a
 * @param {Reason} b
 */
export function strictestFirst(a, b) {
  return rank(b.action) - rank(a.action) || compare(a.field, b.field);
}

/**
 * Order texts by their characters, as the server does.
 *
 * @param {string} a
 * @param {string} b
 */
export function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
