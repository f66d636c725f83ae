/** What the bytes of a shown text mean: by the font's own table, else as Latin letters. */

import { Reader } from "./pdf_objects.js";

/** @typedef {import("./pdf_objects.js").Objects} Objects */
/** @typedef {{bytes: number, letters: Map<number, string> | null, width: (code: number) => number}} Font */

const USUAL_WIDTH = 0.5;
const MOST_LETTERS = 65_536;
/** Windows-1252, which all Latin encodings share for the most part. */
const latin = new TextDecoder("windows-1252");

/**
 * @param {Objects} objects
 * @param {any} reference
 * @returns {Promise<Font>}
 */
export async function fontOf(objects, reference) {
  const font = objects.at(reference);
  const isWide = objects.get(font, "Subtype")?.name === "Type0";
  const table = font instanceof Map ? font.get("ToUnicode") : undefined;
  const letters = table ? lettersOf(await objects.stream(table).catch(() => "")) : null;
  const widths = objects.get(font, "Widths");
  const first = Number(objects.get(font, "FirstChar") ?? 0);
  const width = (/** @type {number} */ code) => {
    const given = Array.isArray(widths) ? Number(objects.at(widths[code - first])) : NaN;
    return given > 0 ? given / 1000 : USUAL_WIDTH;
  };
  return { bytes: isWide ? 2 : 1, letters: letters?.size ? letters : null, width };
}

/**
 * Return the table of a ToUnicode map (ISO 32000-1, 9.10.3).
 *
 * @param {string} content
 */
function lettersOf(content) {
  /** @type {Map<number, string>} */
  const letters = new Map();
  for (const [, body = ""] of content.matchAll(/beginbfchar([^]*?)endbfchar/g)) {
    const values = all(body);
    for (let n = 0; n + 1 < values.length; n += 2) letters.set(code(values[n]), wide(values[n + 1]));
  }
  for (const [, body = ""] of content.matchAll(/beginbfrange([^]*?)endbfrange/g)) {
    const values = all(body);
    for (let n = 0; n + 2 < values.length; n += 3) spread(letters, code(values[n]), code(values[n + 1]), values[n + 2]);
  }
  return letters;
}

/** @param {string} body */
function all(body) {
  const reader = new Reader(body);
  /** @type {any[]} */
  const values = [];
  for (let value = reader.next(); value !== undefined; value = reader.next()) values.push(value);
  return values;
}

/**
 * @param {Map<number, string>} letters
 * @param {number} from
 * @param {number} to
 * @param {any} target One text that counts up, or one for each.
 */
function spread(letters, from, to, target) {
  const first = typeof target === "string" ? wide(target) : "";
  const last = first.charCodeAt(first.length - 1);
  for (let n = from; n <= to && letters.size < MOST_LETTERS; n += 1) {
    letters.set(n, Array.isArray(target) ? wide(target[n - from]) : first.slice(0, -1) + String.fromCharCode(last + n - from));
  }
}

/** @param {any} text */
const code = (text) => [...(typeof text === "string" ? text : "")].reduce((sum, sign) => sum * 256 + sign.charCodeAt(0), 0);

/** @param {any} text Bytes of UTF-16, the first one first. */
const wide = (text) => (typeof text === "string" ? (text.match(/[^]{2}/g) ?? []).map((pair) => String.fromCharCode(code(pair))).join("") : "");

/**
 * Return the letters of a shown text, how wide it is, and how many letters nothing is known of.
 *
 * @param {Font} font
 * @param {string} shown
 * @returns {{text: string, width: number, unknown: number, count: number}}
 */
export function lettersIn(font, shown) {
  let [text, width, unknown, count] = ["", 0, 0, 0];
  for (let place = 0; place + font.bytes <= shown.length; place += font.bytes) {
    const number = code(shown.slice(place, place + font.bytes));
    const letter = font.letters?.get(number) ?? (font.bytes === 1 && !font.letters ? latin.decode(Uint8Array.of(number)) : undefined);
    count += 1;
    if (letter === undefined) unknown += 1;
    else text += letter;
    width += font.width(number);
  }
  return { text, width, unknown, count };
}
