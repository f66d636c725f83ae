/**
 * Telephone numbers on runs of digits. The server knows every numbering plan; here a number counts
 * by its form: international with a plausible length, or ten digits of the North American plan.
 */

/** @typedef {import("../engine.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

const RUN = /(?<![A-Za-z0-9_./:=-])(?:\+[0-9]|\(?[0-9])(?:[0-9]|[ ().\-/](?=[0-9(])|\)(?=[ 0-9-])){6,22}(?![A-Za-z0-9_])/g;
const FORMATTED = /^(?:\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}|\([0-9]{3}\)[0-9]{3}-[0-9]{4})$/;
const MOST_DIGITS = 15;
/** NANPA: an area code starts with 2-9 and has no 9 in the middle, an exchange starts with 2-9. */
const NORTH_AMERICAN = /^1?[2-9][0-8][0-9][2-9][0-9]{6}$/;

/**
 * @param {Rule} rule
 * @returns {Recognizer}
 */
export function phoneRecognizer(rule) {
  return {
    rule,
    *candidates({ text, words }) {
      RUN.lastIndex = 0;
      for (const found of text.matchAll(RUN)) {
        const start = found.index;
        const end = start + found[0].length;
        const digits = found[0].replace(/[^0-9]/g, "");
        if (digits.length > MOST_DIGITS) continue;
        const isInternational = found[0].startsWith("+");
        const isLabelled = words.near(rule.context.words, start, end, rule.context.within) !== null;
        if (!isInternational && !isLabelled && !FORMATTED.test(found[0])) continue;
        if (isInternational ? isPlausible(digits) : NORTH_AMERICAN.test(digits)) yield { matchStart: start, matchEnd: end, start, end };
      }
    },
  };
}

/** @param {string} digits */
function isPlausible(digits) {
  if (digits.startsWith("1")) return NORTH_AMERICAN.test(digits);
  return digits.length >= 9 && !digits.startsWith("0");
}
