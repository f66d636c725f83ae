/** Telephone numbers that exist in some numbering plan: international, or written as at home. */

import { isHomeNumber, isInternationalNumber } from "./numbering.js";

/** @typedef {import("../engine.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

const RUN = /(?<![A-Za-z0-9_./:=-])(?:\+[0-9]|\(?[0-9])(?:[0-9]|[ ().\-/](?=[0-9(])|\)(?=[ 0-9-])){6,22}(?![A-Za-z0-9_])/g;
const FORMATTED = /^(?:\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}|\([0-9]{3}\)[0-9]{3}-[0-9]{4})$/;
const MOST_DIGITS = 15;

/**
 * @param {Rule} rule
 * @returns {Recognizer}
 */
export function phoneRecognizer(rule) {
  return {
    rule,
    *candidates({ text, words }) {
      for (const found of text.matchAll(RUN)) {
        const start = found.index;
        const end = start + found[0].length;
        const digits = found[0].replace(/[^0-9]/g, "");
        if (digits.length > MOST_DIGITS) continue;
        const isInternational = found[0].startsWith("+");
        const isTrusted = isInternational || FORMATTED.test(found[0]) || words.near(rule.context.words, start, end, rule.context.within) !== null;
        if (!isTrusted) continue;
        if (isInternational ? isInternationalNumber(digits) : isHomeNumber(digits)) yield { matchStart: start, matchEnd: end, start, end };
      }
    },
  };
}
