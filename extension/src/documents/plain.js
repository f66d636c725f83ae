/** Text files of any kind: source code, JSON, logs, letters. */

import { NotRead } from "./piece.js";

/** @typedef {import("./piece.js").Effort} Effort */

const LOOKED_AT = 8192;
/** Of the bytes that a text in two-byte characters has, so many are zero where it is in a Latin script. */
const WIDE_SHARE = 0.3;
/** Control characters that texts do not have. */
const CONTROLS = /[\u0001-\u0008\u000e-\u001a\u001c-\u001f]/g;
const MOST_CONTROLS = 0.01;

/**
 * Return a text file's text. Raise NotRead for a file that is no text.
 *
 * @param {Uint8Array} bytes
 * @param {Effort} effort
 * @returns {string}
 */
export function decoded(bytes, effort) {
  const encoding = encodingOf(bytes);
  const text = encoding ? new TextDecoder(encoding).decode(bytes) : unmarked(bytes);
  const start = text.slice(0, LOOKED_AT);
  if ((start.match(CONTROLS)?.length ?? 0) > start.length * MOST_CONTROLS) throw new NotRead("kind");
  return effort.read(text);
}

/** @param {Uint8Array} bytes */
function unmarked(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * Return how a text is encoded; "" where nothing says so. Raise NotRead for what is no text.
 *
 * @param {Uint8Array} bytes
 */
function encodingOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  const start = bytes.subarray(0, LOOKED_AT);
  start.forEach((byte, place) => byte === 0 && (zeros[place % 2] = (zeros[place % 2] ?? 0) + 1));
  const [even = 0, odd = 0] = zeros;
  const many = (start.length / 2) * WIDE_SHARE;
  if (odd > many && even < odd / 4) return "utf-16le";
  if (even > many && odd < even / 4) return "utf-16be";
  if (even + odd) throw new NotRead("kind");
  return "";
}

/**
 * Return how many lines a text has.
 *
 * @param {string} text
 */
export function linesIn(text) {
  let lines = text && !text.endsWith("\n") ? 1 : 0;
  for (let place = text.indexOf("\n"); place >= 0; place = text.indexOf("\n", place + 1)) lines += 1;
  return lines;
}
