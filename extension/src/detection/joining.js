/** Puts together values that were split: digits with signs between them, lines broken inside. */

import { rewritten } from "./views.js";

/** @typedef {import("./views.js").View} View */
/** @typedef {import("./views.js").Edit} Edit */
/** @typedef {import("./views.js").Span} Span */

const LEAST_DIGITS = 9;
const LEAST_TOKEN = 8;
const LONG_RUN = new RegExp(`[0-9](?:[\n\t\r .,*_'"\`|~/:;()[\\]-]*[0-9]){${LEAST_DIGITS - 1}}`);
/** The same sign between all pieces: "4, 1, 1, 1" is one value, "4, 1; 7 and 2" is not. */
const RUN = /(?<![0-9A-Za-z])[0-9]{1,6}(?:(?<sign>[\n\t\r .,*_'"`|~/:;()[\]-]{1,6})[0-9]{1,6}(?:\k<sign>[0-9]{1,6}){1,40})(?![0-9A-Za-z])/g;
/** Four numbers with dots are where a machine is (RFC 791), not a value somebody split. */
const ADDRESS = /^(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})(?:\.|$)){4}$/;
const PIECE = Uint8Array.from({ length: 128 }, (_, code) => Number(/[A-Za-z0-9+/=_.-]/.test(String.fromCharCode(code))));
const LONGEST_PIECE = 128;
const MOST_BLANKS = 3;

const BETWEEN_DIGITS = /[0-9][ \t]{0,3}\r?\n[ \t]{0,3}[0-9]/g;
/** More breaks than that are the lines of a log or a list, not a value somebody split. */
const MOST_BREAKS = 12;
/** A text with more breaks between digits is a table, not a value somebody split. */
const MOST_BETWEEN_DIGITS = 8;

/**
 * Return `view` with split digits put together, null when there are none.
 *
 * @param {View} view
 * @returns {View | null}
 */
export function joined(view) {
  if (!LONG_RUN.test(view.text)) return null;
  /** @type {Edit[]} */
  const edits = [];
  /** @type {Span[]} */
  const regions = [];
  for (const run of view.text.matchAll(RUN)) {
    const end = run.index + run[0].length;
    const signs = signsIn(view.text, run.index, end);
    const digits = signs.reduce((left, [start, stop]) => left - (stop - start), run[0].length);
    if (digits < LEAST_DIGITS || ADDRESS.test(run[0])) continue;
    regions.push([run.index, end]);
    edits.push(...signs);
  }
  return edits.length ? rewritten(view, edits, regions, true) : null;
}

/**
 * Return edits that take out all but the digits of a span, which begins and ends with one.
 *
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
function signsIn(text, start, end) {
  /** @type {Edit[]} */
  const signs = [];
  for (let place = start; place < end; place += 1) {
    if (isDigit(text.charCodeAt(place))) continue;
    const first = place;
    while (!isDigit(text.charCodeAt(place))) place += 1;
    signs.push([first, place, ""]);
  }
  return signs;
}

/**
 * Return `view` without line breaks inside what could be one value, null when there are none.
 *
 * Those are breaks between two digits, unless there are many, and between pieces that both have a
 * digit, and eight characters together.
 *
 * @param {View} view
 * @returns {View | null}
 */
export function unbroken(view) {
  if (!view.text.includes("\n")) return null;
  /** @type {Edit[]} */
  const edits = [];
  /** @type {Span[]} */
  const regions = [];
  const isTable = (view.text.match(BETWEEN_DIGITS) ?? []).length > MOST_BETWEEN_DIGITS;
  for (const { first, start, stop, last } of breaks(view.text)) {
    const isBetweenDigits = isDigit(view.text.charCodeAt(start - 1)) && isDigit(view.text.charCodeAt(stop));
    const isLong = start - first + last - stop >= LEAST_TOKEN;
    if (isBetweenDigits ? isTable : !isLong) continue;
    edits.push([start, stop, view.text.slice(start, stop).includes(" ") ? " " : ""]);
    const before = regions.at(-1);
    if (before && before[1] > first) before[1] = last;
    else regions.push([first, last]);
  }
  return edits.length && edits.length <= MOST_BREAKS ? rewritten(view, edits, regions, true) : null;
}

/**
 * Yield the line breaks between two pieces of what could be a value, which both have a digit, each with up to three
 * blanks on both sides: [first, start) stands before one, [stop, last) behind it.
 *
 * @param {string} text
 */
function* breaks(text) {
  for (let line = text.indexOf("\n"); line >= 0; line = text.indexOf("\n", line + 1)) {
    let start = text.charCodeAt(line - 1) === 13 ? line - 1 : line;
    let stop = line + 1;
    for (let left = MOST_BLANKS; left && isBlank(text, start - 1); left -= 1) start -= 1;
    for (let left = MOST_BLANKS; left && isBlank(text, stop); left -= 1) stop += 1;
    let first = start;
    let last = stop;
    while (start - first < LONGEST_PIECE && PIECE[text.charCodeAt(first - 1)]) first -= 1;
    if (!hasDigit(text, first, start)) continue;
    while (last - stop < LONGEST_PIECE && PIECE[text.charCodeAt(last)]) last += 1;
    if (hasDigit(text, stop, last)) yield { first, start, stop, last };
  }
}

/**
 * @param {string} text
 * @param {number} place
 */
function isBlank(text, place) {
  const code = text.charCodeAt(place);
  return code === 32 || code === 9;
}

/** @param {number} code */
const isDigit = (code) => code >= 48 && code <= 57;

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
function hasDigit(text, start, end) {
  for (let place = start; place < end; place += 1) if (isDigit(text.charCodeAt(place))) return true;
  return false;
}
