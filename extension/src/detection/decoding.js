/** Undoes encodings a value may hide in: base64, hex, percent, character escapes and references. */

import { mayBeEncoded } from "./cues.js";
import { rewritten } from "./views.js";

/** @typedef {import("./views.js").View} View */
/** @typedef {import("./views.js").Edit} Edit */

const SEGMENT = new RegExp(
  [
    "(?<percent>(?:%[0-9A-Fa-f]{2}){1,4096})",
    "(?<escape>(?:\\\\u[0-9A-Fa-f]{4}|\\\\u\\{[0-9A-Fa-f]{1,6}\\}|\\\\x[0-9A-Fa-f]{2}){1,4096})",
    "(?<reference>(?:&#[0-9]{1,7};|&#[xX][0-9A-Fa-f]{1,6};|&(?:amp|commat|period|hyphen|nbsp|colon|num|sol|lowbar|plus|equals|lpar|rpar);){1,4096})",
    "(?<![0-9A-Za-z])(?<hex>(?:0x)?(?:[0-9A-Fa-f]{2}){6,4096})(?![0-9A-Za-z])",
    "(?<![0-9A-Za-z])(?<spaced>(?:[0-9A-Fa-f]{2}[ :]){5,4096}[0-9A-Fa-f]{2})(?![0-9A-Za-z])",
    "(?<![A-Za-z0-9+/_-])(?<base64>[A-Za-z0-9+/_-]{12,65536}={0,2}|[A-Za-z0-9+/_-]{10,11}={1,2})(?![A-Za-z0-9+/_=-])",
  ].join("|"),
  "g",
);
const ESCAPE = /\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))/g;
const REFERENCE = /&(?:#[xX]([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));/g;
/** @type {Record<string, string>} */
const NAMED = { amp: "&", commat: "@", period: ".", hyphen: "-", nbsp: " ", colon: ":", num: "#", sol: "/", lowbar: "_", plus: "+", equals: "=", lpar: "(", rpar: ")" };
// eslint-disable-next-line no-control-regex -- control characters are what tells binary content
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/;
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
    const plain = plainOf(found.groups ?? {}, found[0]);
    if (plain) edits.push([found.index, found.index + found[0].length, plain]);
  }
  return edits.length ? { ...rewritten(view, edits, null, false), isDecoded: true } : null;
}

/**
 * @param {Record<string, string | undefined>} groups
 * @param {string} segment
 */
function plainOf(groups, segment) {
  if (groups.percent) return textOf(fromHex(segment.replaceAll("%", "")));
  if (groups.escape) return printable(segment.replace(ESCAPE, (_, braced, four, two) => ofCode(parseInt(braced ?? four ?? two, 16))));
  if (groups.reference) return printable(segment.replace(REFERENCE, (_, hex, decimal, name) => (name ? String(NAMED[name]) : ofCode(hex ? parseInt(hex, 16) : parseInt(decimal, 10)))));
  if (groups.base64) return segment === segment.toLowerCase() && /[a-z]/.test(segment) ? null : textOf(fromBase64(segment));
  return textOf(fromHex(segment.replace(/^0x/, "").replace(/[^0-9A-Fa-f]/g, "")));
}

/** @param {number} code */
function ofCode(code) {
  return code < 0x110000 && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : "\ufffd";
}

/** @param {string} digits */
function fromHex(digits) {
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

/**
 * Return the bytes of base64 in either alphabet, with or without padding (RFC 4648).
 *
 * @param {string} segment
 */
function fromBase64(segment) {
  const plain = segment.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  if (plain.length % 4 === 1) return new Uint8Array();
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

/**
 * Return bytes as text, UTF-8 or UTF-16 as Windows writes it; null when they are no text.
 *
 * @param {Uint8Array} content
 */
function textOf(content) {
  if (isBinary(content)) return null;
  const isWide = content.length > 3 && content.every((byte, index) => index % 2 === 0 || byte === 0);
  try {
    return printable(utf8.decode(isWide ? content.filter((_, index) => index % 2 === 0) : content));
  } catch {
    return null;
  }
}

/**
 * Return whether bytes hold a control character, as most that only look encoded do: seen before decoding, which is slow to
 * refuse. A zero may be half of a character as Windows writes it.
 *
 * @param {Uint8Array} content
 */
function isBinary(content) {
  for (const byte of content) if (byte < 32 && byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13) return true;
  return false;
}

/** @param {string} text */
function printable(text) {
  return !text || CONTROL.test(text) ? null : text;
}
