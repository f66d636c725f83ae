/** A text as words, numbers and signs, each with its place. */

/** Latin, Greek and Cyrillic letters with their marks, as ranges: the same in every runtime. */
export const LETTERS =
  "A-Za-z\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u0300-\\u036f" +
  "\\u0370-\\u0373\\u0376\\u0377\\u037b-\\u037d\\u0386\\u0388-\\u03ff\\u0400-\\u0481\\u048a-\\u0527" +
  "\\u1e00-\\u1eff";
const TOKEN = new RegExp(`[${LETTERS}]+|[0-9]+|\\n[\\n\\r\\t ]*|[^${LETTERS}0-9\\n \\t\\r\\u00a0]`, "gu");

/** @typedef {{words: string[], starts: number[], ends: number[]}} Tokens In UTF-16 units. */

/**
 * Return runs of letters, runs of ASCII digits, ends of lines and single signs, in order.
 *
 * @param {string} text
 * @returns {Tokens}
 */
export function tokenised(text) {
  /** @type {Tokens} */
  const found = { words: [], starts: [], ends: [] };
  for (const { 0: word, index } of text.matchAll(TOKEN)) {
    found.words.push(word);
    found.starts.push(index);
    found.ends.push(index + word.length);
  }
  return found;
}

/**
 * Return a word in lower case, letter by letter, so that its length stays.
 *
 * @param {string} word
 */
export function lowered(word) {
  const low = word.toLowerCase();
  if (low.length === word.length && !word.includes("\u03a3")) return low;
  return Array.from(word, (letter) => (letter.toLowerCase().length === 1 ? letter.toLowerCase() : letter)).join("");
}
