/** Words of a text that speaks of a rule's topic. The detector asks for them last. */

import { once } from "../once.js";
import { NO_LIMITS } from "../shapes.js";
import { Topic } from "../topic.js";

/** @typedef {import("../verification.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

/**
 * @param {Rule} rule
 * @param {import("../topic.js").Written} written
 * @returns {Recognizer}
 */
export function topicRecognizer(rule, written) {
  const topic = once(() => new Topic(written));
  return {
    rule,
    limits: () => NO_LIMITS,
    candidates: ({ words }) => topic().words(words.folded).map(({ start, end }) => ({ matchStart: start, matchEnd: end, start, end, sureness: rule.confidence })),
  };
}
