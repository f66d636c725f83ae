/** Words and phrases that say something by themselves, as a dictionary has them. */

import { NO_LIMITS } from "../shapes.js";

/** @typedef {import("../verification.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

/** So many words of a text are told: that it speaks of something is said by a few. */
const MOST = 3;
const LETTER_BEFORE = /\p{L}$/u;
const LETTER_BEHIND = /^\p{L}/u;

/**
 * @param {Rule} rule
 * @returns {Recognizer}
 */
export function wordsRecognizer(rule) {
  const { words } = rule.context;
  return {
    rule,
    limits: () => NO_LIMITS,
    candidates(reading) {
      const known = rule.context.edges === "parts" ? reading.parts : reading.words;
      const found = (known.there.get(words) ?? []).map((word) => known.startsOf(word).map((start) => ({ start, end: start + word.length })).filter((span) => standsFree(known.folded, span)));
      if (found.filter((places) => places.length).length < (rule.least_words ?? 1)) return [];
      const spans = found.flat();
      spans.sort((one, other) => one.start - other.start || other.end - one.end);
      return spans.slice(0, MOST).map(({ start, end }) => ({ matchStart: start, matchEnd: end, start, end, sureness: rule.confidence }));
    },
  };
}

/**
 * Return whether no letter stands beside a word, one beyond ASCII either: "irm" in "irmã".
 *
 * @param {string} text
 * @param {{start: number, end: number}} span
 */
const standsFree = (text, { start, end }) => !LETTER_BEHIND.test(text.slice(end, end + 2)) && !LETTER_BEFORE.test(text.slice(Math.max(0, start - 2), start));
