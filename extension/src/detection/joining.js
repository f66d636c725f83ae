/** Puts together values that were split: digits with signs between them, lines broken inside. */

import { rewritten } from "./views.js";

/** @typedef {import("./views.js").View} View */
/** @typedef {import("./views.js").Edit} Edit */
/** @typedef {import("./views.js").Span} Span */

const LEAST_DIGITS = 9;
const LEAST_TOKEN = 8;
const NOISE = new Set([..."\n\t\r .,*_'\"`|~/:;()[]-"].map((sign) => sign.charCodeAt(0)));
/** The same sign between all pieces: "4, 1, 1, 1" is one value, "4, 1; 7 and 2" is not. */
const RUN = /(?<![0-9A-Za-z])[0-9]{1,6}(?:(?<sign>[\n\t\r .,*_'"`|~/:;()[\]-]{1,6})[0-9]{1,6}(?:\k<sign>[0-9]{1,6}){1,40})(?![0-9A-Za-z])/g;
/** Four numbers with dots are where a machine is (RFC 791), not a value somebody split. */
const ADDRESS = /^(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})(?:\.|$)){4}$/;
const BREAK = /(?<before>[A-Za-z0-9+/=_.-]{1,128})(?<break>[ \t]{0,3}\r?\n[ \t]{0,3})(?=(?<after>[A-Za-z0-9+/=_.-]{1,128}))/g;

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
  if (!hasLongRun(view.text)) return null;
  /** @type {Edit[]} */
  const edits = [];
  /** @type {Span[]} */
  const regions = [];
  for (const run of view.text.matchAll(RUN)) {
    if (run[0].replace(/[^0-9]/g, "").length < LEAST_DIGITS || ADDRESS.test(run[0])) continue;
    regions.push([run.index, run.index + run[0].length]);
    for (const sign of run[0].matchAll(/[^0-9]+/g)) edits.push([run.index + sign.index, run.index + sign.index + sign[0].length, ""]);
  }
  return edits.length ? rewritten(view, edits, regions, true) : null;
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
  for (const found of view.text.matchAll(BREAK)) {
    const { before = "", break: gap = "", after = "" } = found.groups ?? {};
    const isBetweenDigits = /[0-9]$/.test(before) && /^[0-9]/.test(after);
    const isValue = before.length + after.length >= LEAST_TOKEN && /[0-9]/.test(before) && /[0-9]/.test(after);
    if (isBetweenDigits ? isTable : !isValue) continue;
    const start = found.index + before.length;
    edits.push([start, start + gap.length, gap.includes(" ") ? " " : ""]);
    const end = start + gap.length + after.length;
    const last = regions.at(-1);
    if (last && last[1] > found.index) last[1] = end;
    else regions.push([found.index, end]);
  }
  return edits.length && edits.length <= MOST_BREAKS ? rewritten(view, edits, regions, true) : null;
}

/** @param {string} text */
function hasLongRun(text) {
  let run = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) {
      run += 1;
      if (run >= LEAST_DIGITS) return true;
    } else if (run && !NOISE.has(code)) run = 0;
  }
  return false;
}
