/** Applies a rule's pattern with the engine's own regular expressions. */

import { once } from "../once.js";
import { limitsOf } from "../shapes.js";

/** @typedef {import("../engine.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

const BOUNDARIES = { none: "", digit: "0-9", word: "A-Za-z0-9_", token: "A-Za-z0-9_\\-", path: "A-Za-z0-9_/+\\-" };

/**
 * Compile with its boundaries; group 1 is the value if the rule captures one.
 *
 * @param {Rule} rule
 */
export function compilePattern(rule) {
  const inside = BOUNDARIES[rule.boundary];
  const pattern = escapedForUnicode(rule.pattern);
  const source = inside ? `(?<![${inside}])(?:${pattern})(?![${inside}])` : pattern;
  return new RegExp(source, `gu${rule.ignore_case ? "i" : ""}${captures(rule.pattern) ? "d" : ""}`);
}

/**
 * Finding where a group stands costs a second match, so only rules with one ask for it.
 *
 * @param {string} pattern
 */
function captures(pattern) {
  return /\((?!\?)/.test(pattern.replace(/\\./gs, "x").replace(/\[[^\]]*\]/g, "x"));
}

/**
 * The `u` flag refuses escapes that need none; RE2 and Python allow them.
 *
 * @param {string} pattern
 */
function escapedForUnicode(pattern) {
  return pattern.replace(/\\(.)/gs, (whole, sign) => (/["'`~!@#%&=:;,<> _]/.test(sign) ? sign : whole));
}

/**
 * @param {Rule} rule
 * @returns {Recognizer}
 */
export function patternRecognizer(rule) {
  const pattern = compilePattern(rule);
  const limits = once(() => limitsOf(rule.pattern));
  return {
    rule,
    limits,
    *candidates({ text, where }) {
      for (const [first, last] of where.of(rule, limits())) {
        const part = text.slice(first, last);
        pattern.lastIndex = 0;
        for (let found = pattern.exec(part); found; found = pattern.exec(part)) {
          const matchStart = found.index;
          const matchEnd = matchStart + found[0].length;
          const [start, end] = found.indices?.[1] ?? [matchStart, matchEnd];
          if (end > start) yield { matchStart: first + matchStart, matchEnd: first + matchEnd, start: first + start, end: first + end };
          pattern.lastIndex = Math.max(matchEnd, matchStart + 1);
        }
      }
    },
  };
}
