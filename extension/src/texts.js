/** The interface's texts where they were packed together; elsewhere the browser's own way is gone. No chrome, no DOM. */

import { NAMES, TEXTS } from "../bundled/texts.js";

/**
 * Return one language's texts by name; none where they were not packed.
 *
 * @param {string} language
 * @returns {Map<string, string>}
 */
export function textsIn(language) {
  const texts = (TEXTS[language] ?? "").split("\n");
  return new Map(NAMES ? NAMES.split(" ").map((name, place) => [name, texts[place] ?? ""]) : []);
}

/**
 * Put values in place of `$1` to `$9`, as the browser does.
 *
 * @param {string} text
 * @param {string[]} values
 */
export const completed = (text, values) => text.replace(/\$([1-9])/g, (_, place) => values[place - 1] ?? "");
