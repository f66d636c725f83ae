/**
 * Ways to name a value other than by its label directly before it.
 *
 * Some words may stand between, where a colon, an equals sign or a verb ties the label to the value:
 * "tax number of Ann Lee: 93…"; or the value comes first: "93… is her tax number".
 */

import { isFiller, wordsOf } from "./filler.js";

/** Shorter values are years, amounts and pages. */
export const LEAST_VALUE = 6;
const MOST_WORDS = 5;
const STOPS = /[.!?;,|\n0-9]/;
const TIES = new Set(
  `
are as be contains equals er era es est foi is ist jest lautet luidt reads sea seja sia soit to
var war was är è é était
`.split(/\s+/),
);
const ANOTHER = new Set(
  `
account acct amount and build case code commande cost count date e email end et expires factura
fax fecha fee format id invoice issue iva kein length limit line mail mobile nein no nor not nr
num number numero nummer numéro número o oder or order ou page pedido phone policy port price
rechnung ref reference row rows section sin size tel telefon telephone teléfono ticket time
total und version without y year
`.split(/\s+/),
);
const BEHIND = /^["'`*_)\]»]{0,3} (?:is|was|es|era|ist|war|est|était|è|é|är|er|jest)(?= )/;
const BEHIND_A_DASH = /^["'`*_)\]»]{0,3} [-\u2013] /;
const IN_BRACKETS = /^["'`*_]{0,3} ?\(/;

/**
 * Return whether what stands between a label and a value, in lower case, ties the two.
 *
 * @param {string} between
 */
export function isLooselyNamed(between) {
  const mark = Math.max(between.lastIndexOf(":"), between.lastIndexOf("="));
  if (mark >= 0) {
    const head = between.slice(0, mark);
    return isFiller(between.slice(mark)) && !STOPS.test(head) && areOfTheLabel(wordsOf(head));
  }
  if (STOPS.test(between)) return false;
  const words = wordsOf(between);
  for (let place = words.length - 1; place >= 0; place -= 1) {
    const word = /** @type {string} */ (words[place]);
    if (TIES.has(word)) return areOfTheLabel(words.slice(0, place));
    if (!isFiller(word)) return false;
  }
  return false;
}

/**
 * Return whether `after` a value its label follows; `rest` is what stands behind the label.
 *
 * @param {string} after
 * @param {string} rest
 */
export function isNamedBehind(after, rest) {
  if (IN_BRACKETS.test(after)) return rest.startsWith(")") && isFiller(after);
  if (BEHIND_A_DASH.test(after)) return (rest === "" || rest.startsWith("\n")) && isFiller(after);
  const tie = BEHIND.exec(after);
  if (!tie || /^[ "']*[:=]/.test(rest)) return false;
  return !STOPS.test(after) && isFiller(after.slice(tie[0].length));
}

/** @param {string[]} words */
const areOfTheLabel = (words) => words.length <= MOST_WORDS && words.every((word) => !ANOTHER.has(word));
