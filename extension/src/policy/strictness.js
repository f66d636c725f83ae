/** Which of two values of a field is the stricter one; the twin of backend/policy/strictness.py. */

import { SETTINGS, SHADOW, canonical, groupOf, splitAttribute } from "./fields.js";
import { compare } from "./verdict.js";

const ACTIONS = ["allow", "flag", "warn", "block"];
/** @type {Record<string, string[]>} */
const ORDERS = {
  exception_approvers: ["two_if_locked", "two"],
  second_approval: ["never", "weakening"],
  server_verdict: ["never", "on_finding", "always"],
  on_unavailable: ["allow_and_queue", "enforce_cached", "warn", "block"],
};
const REMEDIES = ["redact", "justify", "acknowledge", "request_exception", "redirect", "report_false_positive"];
const OF_ACTIONS = [...SETTINGS, "default_action", "combinations", "services", "files"];

/** @param {string} path */
export const isAction = (path) => !splitAttribute(path)[1] && OF_ACTIONS.includes(groupOf(path));

/** @param {string} path */
export const isOrdered = (path) =>
  isAction(path) ||
  path === "minimum_confidence" ||
  splitAttribute(path)[1] === "on_unavailable" ||
  ["server_verdict", "second_approval", "on_unavailable", "remedies", "custom", "exception_approvers", "exception_minutes"].includes(groupOf(path));

/**
 * Return the least strict value that is at least as strict as both, whichever comes first.
 *
 * @param {string} path
 * @param {any} one
 * @param {any} other
 * @returns {any}
 */
export function stricter(path, one, other) {
  if (canonical(one) === canonical(other)) return one;
  if (groupOf(path) === "remedies") return bothOffer(one, other);
  if (path.startsWith("custom.allowed.")) return one === null || other === null ? null : last(one, other);
  if (one === null || other === null) return one === null ? other : one;
  if (path.startsWith("switches.") && one.effect !== other.effect) return one.effect === "block" ? one : other;
  const [left, right] = [rank(path, one), rank(path, other)];
  if (left === null || right === null) return last(one, other);
  return left >= right ? one : other;
}

/**
 * @param {any} one
 * @param {any} other
 */
const last = (one, other) => (compare(canonical(one), canonical(other)) >= 0 ? one : other);

/**
 * @param {string} path
 * @param {any} value
 * @returns {number | null}
 */
function rank(path, value) {
  if (isAction(path)) {
    const isShadow = value.startsWith(SHADOW);
    const action = ACTIONS.indexOf(isShadow ? value.slice(SHADOW.length) : value);
    return (isShadow ? 0 : action) + action / 8;
  }
  if (path === "minimum_confidence" || path === "exception_minutes") return -value;
  const order = ORDERS[splitAttribute(path)[1] || path];
  return order ? order.indexOf(value) : null;
}

/**
 * @param {string[] | null} one
 * @param {string[] | null} other
 */
function bothOffer(one, other) {
  if (one === null || other === null) return one ?? other;
  return REMEDIES.filter((remedy) => one.includes(remedy) && other.includes(remedy));
}
