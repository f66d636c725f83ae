/** Undoes encodings a value may hide in: base64, hex, percent, character escapes and references. */

import { mayBeEncoded } from "./cues.js";
import { rewritten } from "./views.js";

/** @typedef {import("./views.js").View} View */
/** @typedef {import("./views.js").Edit} Edit */

const SEGMENT = new RegExp(
  [
    "(?:%[0-9A-Fa-f]{2}){1,4096}",
    "(?:\\\\u[0-9A-Fa-f]{4}|\\\\u\\{[0-9A-Fa-f]{1,6}\\}|\\\\x[0-9A-Fa-f]{2}){1,4096}",
    "(?:&#[0-9]{1,7};|&#[xX][0-9A-Fa-f]{1,6};|&(?:amp|commat|period|hyphen|nbsp|colon|num|sol|lowbar|plus|equals|lpar|rpar);){1,4096}",
    // One look behind for all three: most places are inside a word.
    "(?<![0-9A-Za-z])(?:(?:0x)?(?:[0-9A-Fa-f]{2}){6,4096}(?![0-9A-Za-z])" +
      "|(?:[0-9A-Fa-f]{2}[ :]){5,4096}[0-9A-Fa-f]{2}(?![0-9A-Za-z])" +
      "|(?<![+/_-])(?:[A-Za-z0-9+/_-]{12,65536}={0,2}|[A-Za-z0-9+/_-]{10,11}={1,2})(?![A-Za-z0-9+/_=-]))",
  ].join("|"),
  "g",
);
const HEX = /^(?:(?:0x)?(?:[0-9A-Fa-f]{2}){6,4096}|(?:[0-9A-Fa-f]{2}[ :]){5,4096}[0-9A-Fa-f]{2})$/;
const SMALL = /^[^A-Z]*[a-z][^A-Z]*$/;
const ESCAPE = /\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))/g;
const REFERENCE = /&(?:#[xX]([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));/g;
/** @type {Record<string, string>} */
const NAMED = { amp: "&", commat: "@", period: ".", hyphen: "-", nbsp: " ", colon: ":", num: "#", sol: "/", lowbar: "_", plus: "+", equals: "=", lpar: "(", rpar: ")" };
// eslint-disable-next-line no-control-regex -- control characters are what tells binary content
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/;
const NO_VALUE = 255;
/** What a sign of base64 stands for, in either alphabet. */
const VALUES = new Uint8Array(128).fill(NO_VALUE);
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((sign, value) => (VALUES[sign.charCodeAt(0)] = value));
[..."-_"].forEach((sign, number) => (VALUES[sign.charCodeAt(0)] = 62 + number));
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Return `view` with what is encoded in it in plain, null when nothing is.
 *
 * @param {View} view
 * @returns {View | null}
 */
export function decoded(view) {
  if (!mayBeEncoded(view.text)) return null;
  /** @type {Edit[]} */
  const edits = [];
  for (const found of view.text.matchAll(SEGMENT)) {
    const plain = plainOf(found[0]);
    if (plain) edits.push([found.index, found.index + found[0].length, plain]);
  }
  return edits.length ? { ...rewritten(view, edits, null, false), isDecoded: true } : null;
}

/** @param {string} segment */
function plainOf(segment) {
  const first = segment.charAt(0);
  if (first === "%") return textOf(segment.length / 3, (place) => byteAt(segment, 3 * place + 1));
  if (first === "\\") return printable(segment.replace(ESCAPE, (_, braced, four, two) => ofCode(parseInt(braced ?? four ?? two, 16))));
  if (first === "&") return printable(segment.replace(REFERENCE, (_, hex, decimal, name) => (name ? String(NAMED[name]) : ofCode(hex ? parseInt(hex, 16) : parseInt(decimal, 10)))));
  return HEX.test(segment) ? ofHex(segment) : SMALL.test(segment) ? null : ofBase64(segment);
}

/** @param {number} code */
function ofCode(code) {
  return code < 0x110000 && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : "\ufffd";
}

/** @param {string} segment */
function ofHex(segment) {
  const first = segment.charAt(1) === "x" ? 2 : 0;
  const step = segment.length > 2 && VALUES[segment.charCodeAt(2)] === NO_VALUE ? 3 : 2;
  return textOf(Math.ceil((segment.length - first) / step), (place) => byteAt(segment, first + step * place));
}

/**
 * @param {string} segment
 * @param {number} place Of the first of two hexadecimal digits.
 */
const byteAt = (segment, place) => parseInt(segment.slice(place, place + 2), 16);

/**
 * Read base64 in either alphabet, with or without padding (RFC 4648).
 *
 * @param {string} segment
 */
function ofBase64(segment) {
  const padding = segment.indexOf("=");
  const length = padding < 0 ? segment.length : padding;
  if (length % 4 === 1) return null;
  const value = (/** @type {number} */ place) => /** @type {number} */ (VALUES[segment.charCodeAt(place)]);
  return textOf(Math.floor((length * 3) / 4), (place) => {
    const first = Math.floor((place * 4) / 3);
    const bits = 2 * (place % 3) + 2;
    return ((value(first) << bits) | (value(first + 1) >> (6 - bits))) & 255;
  });
}

/**
 * Return bytes as text, UTF-8 or UTF-16 as Windows writes it; null when they are no text. Most that only look encoded
 * are none by their first few.
 *
 * @param {number} count
 * @param {(place: number) => number} byte
 */
function textOf(count, byte) {
  const content = new Uint8Array(count);
  for (let place = 0; place < count; place += 1) {
    const one = byte(place);
    if (isControl(one)) return null;
    content[place] = one;
  }
  const isWide = content.length > 3 && content.every((one, place) => place % 2 === 0 || one === 0);
  const narrow = isWide ? content.filter((_, place) => place % 2 === 0) : content;
  if (!mayBeUtf8(narrow)) return null;
  try {
    return printable(utf8.decode(narrow));
  } catch {
    return null;
  }
}

/**
 * Whether a byte is a control character, which no text has. A zero may be half of a character as Windows writes it.
 *
 * @param {number} byte
 */
const isControl = (byte) => byte < 32 && byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13;

/**
 * Whether what goes on stands where something began, and there alone: the decoder is slow to refuse.
 *
 * @param {Uint8Array} content
 */
function mayBeUtf8(content) {
  let open = 0;
  for (const byte of content) {
    const isGoingOn = byte >= 0x80 && byte < 0xc0;
    if (isGoingOn !== open > 0) return false;
    open = isGoingOn ? open - 1 : byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
  return !open;
}

/** @param {string} text */
function printable(text) {
  return !text || CONTROL.test(text) ? null : text;
}
