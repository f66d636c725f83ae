/** Undoes spelling out: digits as words, and "at" and "dot" in e-mail addresses. */

import { folded } from "./normalise.js";
import { rewritten } from "./views.js";

/** @typedef {import("./views.js").View} View */
/** @typedef {import("./views.js").Edit} Edit */

/** Digits from nought to nine in English, Spanish, German, French, Italian, Dutch and Portuguese. */
const DIGITS = [
  "zero oh cero null nul zéro",
  "one uno un eins een um",
  "two dos deux zwei due twee dois",
  "three tres trois drei tre drie três",
  "four cuatro quatre vier quattro quatro",
  "five cinco cinq fünf fuenf cinque vijf",
  "six seis sechs sei zes",
  "seven siete sept sieben sette zeven sete",
  "eight ocho huit acht otto oito",
  "nine nueve neuf neun nove negen",
];
/** @type {Record<string, string>} */
const SIGNS = { "-": "dash hyphen minus guion guión tiret bindestrich", "+": "plus", "": "space" };
/** @type {Map<string, string>} */
const WORDS = new Map();
DIGITS.forEach((words, digit) => words.split(" ").forEach((word) => WORDS.set(word, String(digit))));
Object.entries(SIGNS).forEach(([sign, words]) => words.split(" ").forEach((word) => WORDS.set(word, sign)));
const ANY = [...WORDS.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).join("|");
const LETTER = "A-Za-z0-9_À-ÿ";
const RUN = new RegExp(`(?<![${LETTER}])(?:${ANY})(?:[ \\t\\n,.-]{1,3}(?:${ANY}|[0-9](?![${LETTER}]))){6,60}(?![${LETTER}])`, "giu");
const WORD = new RegExp(`[${LETTER}]+`, "gu");
/** For a text in lower case: looking past case takes twice as long. */
const CUE = new RegExp(`(?:${ANY})[ \\t\\n,.-]{1,3}(?:${ANY}|[0-9])[ \\t\\n,.-]{1,3}(?:${ANY}|[0-9])`);

const SPELLED_DOT = "[ ]{0,2}[(\\[{<][ ]?(?:dot|punto|point|punkt|\\.)[ ]?[)\\]}>][ ]{0,2}|[ ](?:dot|punto)[ ]";
const DOT = `(?:\\.|${SPELLED_DOT})`;
const ADDRESS = new RegExp(
  "(?<![A-Za-z0-9._%+\\-])" +
    `(?<local>[A-Za-z0-9_%+\\-]{1,40}(?:${DOT}[A-Za-z0-9_%+\\-]{1,40}){0,4})` +
    "(?<at>@|[ ]{0,2}[(\\[{<][ ]?(?:at|arroba|@)[ ]?[)\\]}>][ ]{0,2}|[ ](?:at|arroba)[ ])" +
    `(?<domain>[A-Za-z0-9\\-]{1,63}(?:${DOT}[A-Za-z0-9\\-]{2,63}){1,5})(?![A-Za-z0-9\\-])`,
  "giu",
);
const DOTS = new RegExp(SPELLED_DOT, "giu");
const ADDRESS_CUE = /[([{<][ ]?(?:at|arroba|dot|punto|point|punkt|@|\.)[ ]?[)\]}>]|[ ](?:dot|punto)[ ]/i;

/**
 * Return `view` with digits and signs for their words, null when none are spelled out.
 *
 * @param {View} view
 * @returns {View | null}
 */
export function writtenOut(view) {
  const edits = [...(CUE.test((view.folded ??= folded(view.text))) ? digits(view.text) : []), ...(ADDRESS_CUE.test(view.text) ? addresses(view.text) : [])];
  return edits.length ? rewritten(view, apart(edits), null, false) : null;
}

/**
 * Return edits in text order, without those that begin inside the one before.
 *
 * @param {Edit[]} edits
 */
function apart(edits) {
  /** @type {Edit[]} */
  const kept = [];
  for (const edit of edits.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = kept.at(-1);
    if (!last || edit[0] >= last[1]) kept.push(edit);
  }
  return kept;
}

/**
 * @param {string} text
 * @returns {Edit[]}
 */
function digits(text) {
  return [...text.matchAll(RUN)].map((run) => {
    const signs = (run[0].match(WORD) ?? []).map((word) => WORDS.get(word.toLowerCase()) ?? word);
    return [run.index, run.index + run[0].length, signs.join("")];
  });
}

/**
 * @param {string} text
 * @returns {Edit[]}
 */
function addresses(text) {
  /** @type {Edit[]} */
  const edits = [];
  for (const found of text.matchAll(ADDRESS)) {
    const { local: name = "", at = "", domain: host = "" } = found.groups ?? {};
    const address = `${name.replace(DOTS, ".")}@${host.replace(DOTS, ".")}`;
    // "look at example.com" is no address; "ann at example dot com" is one.
    const isBare = /^[A-Za-z]+$/.test(at.trim());
    if (address === found[0] || (isBare && host === host.replace(DOTS, "."))) continue;
    edits.push([found.index, found.index + found[0].length, address]);
  }
  return edits;
}
