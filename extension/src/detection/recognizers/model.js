/** Names and addresses that the model marks where no label stands before them. */

import { NO_LIMITS } from "../shapes.js";
import { LEAST_CONFIDENCE } from "../verification.js";

/** @typedef {import("../verification.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */

/**
 * @param {Rule} rule
 * @returns {Recognizer}
 */
export function modelRecognizer(rule) {
  return {
    rule,
    limits: () => NO_LIMITS,
    candidates({ marked }) {
      const own = marked().filter(({ sort, sureness }) => sort === rule.sort && sureness >= LEAST_CONFIDENCE);
      return own.map(({ start, end, sureness }) => ({ matchStart: start, matchEnd: end, start, end, sureness }));
    },
  };
}
