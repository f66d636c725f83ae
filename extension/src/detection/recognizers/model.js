/** Names and addresses that the model marks where no label stands before them. */

import { NO_LIMITS } from "../shapes.js";
import { LEAST_CONFIDENCE } from "../verification.js";

/** @typedef {import("../verification.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

const PLACE = "LOC";
/** Beside these a place is somebody's. */
const OF_SOMEBODY = new Set(["PER", "ADR"]);

/**
 * @param {Rule} rule
 * @returns {Recognizer}
 */
export function modelRecognizer(rule) {
  return {
    rule,
    limits: () => NO_LIMITS,
    candidates({ marked }) {
      const sure = marked().filter(({ sureness }) => sureness >= LEAST_CONFIDENCE);
      if (rule.sort === PLACE && !sure.some(({ sort }) => OF_SOMEBODY.has(sort))) return [];
      return sure.filter(({ sort }) => sort === rule.sort).map(({ start, end, sureness }) => ({ matchStart: start, matchEnd: end, start, end, sureness }));
    },
  };
}
