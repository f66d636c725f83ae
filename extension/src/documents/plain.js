/** Text files of any kind: source code, JSON, logs, letters. */

import { NotRead } from "./piece.js";

/** @typedef {import("./piece.js").Effort} Effort */
/** @typedef {"utf-8" | "utf-16le" | "utf-16be" | "windows-1252"} Encoding */

/** What a text may begin with to say how it is written. */
const MARKS = { "utf-8": [0xef, 0xbb, 0xbf], "utf-16le": [0xff, 0xfe], "utf-16be": [0xfe, 0xff] };

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
  const { text } = readPlain(bytes);
  const start = text.slice(0, LOOKED_AT);
  if ((start.match(CONTROLS)?.length ?? 0) > start.length * MOST_CONTROLS) throw new NotRead("kind");
  return effort.read(text);
}

/**
 * Return a text, and how it is written. Raise NotRead for what is no text.
 *
 * @param {Uint8Array} bytes
 * @returns {{text: string, encoding: Encoding, isMarked: boolean}}
 */
export function readPlain(bytes) {
  const encoding = encodingOf(bytes);
  if (encoding) return { text: new TextDecoder(encoding).decode(bytes), encoding, isMarked: isMarked(bytes, encoding) };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8", isMarked: isMarked(bytes, "utf-8") };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "windows-1252", isMarked: false };
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {keyof typeof MARKS} encoding
 */
const isMarked = (bytes, encoding) => MARKS[encoding].every((byte, place) => bytes[place] === byte);

/**
 * Return a text's bytes, as it was written before. Its letters are those of that encoding, and of ASCII.
 *
 * @param {{text: string, encoding: Encoding, isMarked: boolean}} plain
 */
export function writePlain({ text, encoding, isMarked: hasMark }) {
  const mark = hasMark && encoding !== "windows-1252" ? MARKS[encoding] : [];
  const bytes = encoding === "utf-8" ? new TextEncoder().encode(text) : encoding === "windows-1252" ? ofLetters(text) : ofUnits(text, encoding === "utf-16le");
  const made = new Uint8Array(mark.length + bytes.length);
  made.set(mark);
  made.set(bytes, mark.length);
  return made;
}

/** @param {string} text */
function ofLetters(text) {
  const all = new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  return Uint8Array.from(text, (letter) => all.indexOf(letter));
}

/**
 * @param {string} text
 * @param {boolean} isLittle
 */
function ofUnits(text, isLittle) {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let place = 0; place < text.length; place += 1) view.setUint16(2 * place, text.charCodeAt(place), isLittle);
  return new Uint8Array(view.buffer);
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
