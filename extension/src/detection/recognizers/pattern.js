/** Applies a rule's pattern with the engine's own regular expressions. */

/** @typedef {import("../engine.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

const BOUNDARIES = { none: "", digit: "0-9", word: "A-Za-z0-9_", token: "A-Za-z0-9_\\-" };

/**
 * Compile with its boundaries; group 1 is the value if the rule captures one.
 *
 * @param {Rule} rule
 */
export function compilePattern(rule) {
  const inside = BOUNDARIES[rule.boundary];
  const pattern = escapedForUnicode(rule.pattern);
  const source = inside ? `(?<![${inside}])(?:${pattern})(?![${inside}])` : pattern;
  return new RegExp(source, rule.ignore_case ? "giud" : "gud");
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
  return {
    rule,
    *candidates(reading) {
      pattern.lastIndex = 0;
      for (let found = pattern.exec(reading.text); found; found = pattern.exec(reading.text)) {
        const [matchStart, matchEnd] = /** @type {[number, number]} */ (found.indices?.[0]);
        const [start, end] = found.indices?.[1] ?? [matchStart, matchEnd];
        const resume = pattern.lastIndex;
        if (end > start) yield { matchStart, matchEnd, start, end };
        pattern.lastIndex = Math.max(resume, matchStart + 1);
      }
    },
  };
}
