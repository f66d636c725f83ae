/** Known values, found by keyed digests; the twin of backend/detection/custom/digests.py. */

import { folded, normalise } from "../normalise.js";
import { hmacSha256 } from "./hmac.js";

/** @typedef {import("../views.js").View} View */

const HEX_DIGITS = 32;
const MOST_WORDS = 6;
const FARTHEST = 3;
const WORD = /[\p{L}\p{N}]+/gu;
const encoder = new TextEncoder();

/**
 * Return a function that gives the digest of letters and digits as `plain` returns them.
 *
 * @param {string} key Hex.
 * @returns {(letters: string) => string}
 */
export function digester(key) {
  const digest = hmacSha256(Uint8Array.from(key.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
  return (letters) => digest(encoder.encode(letters)).slice(0, HEX_DIGITS);
}

/**
 * Return the letters and digits of a value in lower case.
 *
 * @param {string} value
 */
export function plain(value) {
  return (folded(normalise(value).text).match(WORD) ?? []).join("");
}

/**
 * Yield every run of words of these lengths, in offsets of `view`.
 *
 * @param {View} view
 * @param {Set<number>} lengths
 * @returns {Generator<[string, number, number]>}
 */
export function* pieces(view, lengths) {
  const words = [...folded(view.text).matchAll(WORD)].map((found) => ({ text: found[0], length: [...found[0]].length, start: found.index, end: found.index + found[0].length }));
  const longest = Math.max(0, ...lengths);
  for (let first = 0; first < words.length; first += 1) {
    const { start } = /** @type {typeof words[0]} */ (words[first]);
    let letters = "";
    let length = 0;
    for (let count = 1; count <= MOST_WORDS && length < longest; count += 1) {
      const word = words[first + count - 1];
      const before = words[first + count - 2];
      if (!word || (count > 1 && before && [...view.text.slice(before.end, word.start)].length > FARTHEST)) break;
      letters += word.text;
      length += word.length;
      if (lengths.has(length)) yield [letters, start, word.end];
    }
  }
}
