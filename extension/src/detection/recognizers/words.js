/** Words and phrases that say something by themselves, as a dictionary has them. */

import { NO_LIMITS } from "../shapes.js";

/** @typedef {import("../verification.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

/** So many words of a text are told: that it speaks of something is said by a few. */
const MOST = 3;

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
      const there = (known.there.get(words) ?? []).filter((word) => known.startsOf(word).length);
      if (there.length < (rule.least_words ?? 1)) return [];
      const spans = there.flatMap((word) => known.startsOf(word).map((start) => ({ start, end: start + word.length })));
      spans.sort((one, other) => one.start - other.start || other.end - one.end);
      return spans.slice(0, MOST).map(({ start, end }) => ({ matchStart: start, matchEnd: end, start, end, sureness: rule.confidence }));
    },
  };
}
