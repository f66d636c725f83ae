/** Telephone numbers that exist in some numbering plan, or that stand where a label says so. */

import { NO_LIMITS } from "../shapes.js";
import { isInternationalNumber } from "./numbering.js";

/** @typedef {import("../engine.js").Recognizer} Recognizer */
/** @typedef {import("../rulebook.js").Rule} Rule */
/** @typedef {import("./numbering.js").Plans} Plans */

const LEAST_DIGITS = 7;
const MOST_DIGITS = 15;
const LEAST_BARE = 8;
const MOST_NATIONAL = 12;
const EXTENSION = "(?:,?[ ]?(?:x|ext|extn|extension|poste|int)[.:]?[ ]?[0-9]{1,6})?";
const RUN = new RegExp(
  `(?<![A-Za-z0-9_./\\-])(?<![0-9]:)(\\(?(?:\\+[0-9]|[0-9])(?:[0-9]|[ ().\\-/](?=[0-9(])|\\)(?=[ 0-9\\-./])){6,26})${EXTENSION}(?![A-Za-z0-9_])`,
  "gi",
);
const NEVER =
  /^(?:(?:19|20)[0-9]{2}[ ./-][0-9]{1,2}[ ./-][0-9]{1,2}(?: [0-9]{1,2})?|[0-9]{1,2}[ ./-][0-9]{1,2}[ ./-](?:19|20)[0-9]{2}(?: [0-9]{1,2})?|(?:19|20)[0-9]{2}[ ./-](?:19|20)[0-9]{2}|(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})|[0-9]{5}-[0-9]{4}|[0-9]{1,2}(?:[ .][0-9]{3})+|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]+\.[0-9]+)$/;
const OTHER_NUMBER =
  /(?<![\p{L}\p{N}])(?:order|invoice|ref|reference|isbn|issn|doi|sku|tracking|ticket|case|version|build|serial|account|acct|policy|claim|mrn|ssn|card|routing|iban|nhc|nhs|npi|ein|tax|passport|part|model|article|issue|pedido|factura|rechnung|bestellung|commande|facture)(?: ?(?:no|nr|num|number|id|is|code))?[ #:.="']{0,4}$|(?<![\p{L}\p{N}])(?:[0-9][a-f]|[a-f][0-9]) $/iu;
const BEFORE = 28;
const NORTH_AMERICAN = /^(?:(?:00)?1[ .-])?(?:\([0-9]{3}\)[ -]?|[0-9]{3}[.-])[0-9]{3}[.-][0-9]{4}$/;
const SPACED = /^(?:1 )?\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}$/;
const BRAZILIAN = /^\([1-9][0-9]\) ?9?[0-9]{4}-[0-9]{4}$/;
/** Single digits between signs are versions, scores and steps. */
const GROUPS = /^\(?[0-9]{2,}\)?(?:[ ./-][0-9]{2,}){0,5}$/;
const DIALLED_ABROAD = /^(?:00|011)(?=[1-9])/;
const HOME = "1";
/** Where a number dialled inside the country starts with 0 and is written with separators. */
const WITH_ZERO = ["44", "33", "49", "39", "31", "61", "32", "41", "43", "353", "46", "27", "64"];
const BESIDE_A_WORD = [HOME, "34", "351", "55", "52", "91", "45", "47", "48", ...WITH_ZERO];

/** @type {import("../shapes.js").Limits} */
const LIMITS = { ...NO_LIMITS, extent: "line" };

/**
 * @param {Rule} rule
 * @param {Plans} [plans] Without them numbers are known by their written form alone.
 * @returns {Recognizer}
 */
export function phoneRecognizer(rule, plans = {}) {
  return {
    rule,
    limits: () => LIMITS,
    *candidates({ text, words, where }) {
      for (const [first, last] of where.of(rule, LIMITS)) {
        for (const found of text.slice(first, last).matchAll(RUN)) {
          const run = found[1] ?? "";
          if (NEVER.test(run)) continue;
          const start = first + found.index;
          const isNear = words.near(rule.context.words, start, start + run.length, rule.context.within) !== null;
          const isLabelled = isNear && words.label(rule.context.words, start) !== null;
          const length = numberLength(plans, run, isNear, isLabelled);
          if (!length || (!isNear && OTHER_NUMBER.test(text.slice(Math.max(0, start - BEFORE), start)))) continue;
          const end = start + (length === run.length ? found[0].length : length);
          yield { matchStart: start, matchEnd: end, start, end };
        }
      }
    },
  };
}

/**
 * Return how much of a run is one number: all of it, or what stands before a gap; else 0.
 *
 * @param {Plans} plans
 * @param {string} run
 * @param {boolean} isNear
 * @param {boolean} isLabelled
 */
function numberLength(plans, run, isNear, isLabelled) {
  const gaps = [...run.matchAll(/[ /]/g)].map((gap) => gap.index).reverse();
  for (const end of [run.length, ...gaps]) {
    const value = run.slice(0, end);
    const digits = value.replace(/[^0-9]/g, "");
    if (digits.length < LEAST_DIGITS) break;
    if (digits.length > MOST_DIGITS || NEVER.test(value)) continue;
    if (isNumber(plans, value, digits, isNear)) return end;
  }
  return isLabelled ? guessedLength(run) : 0;
}

/**
 * Return the length of a number no plan need know, as a label stands directly before it.
 *
 * @param {string} run
 */
function guessedLength(run) {
  const digits = run.replace(/[^0-9]/g, "").length;
  return digits >= LEAST_DIGITS && digits <= MOST_NATIONAL && !NEVER.test(run) ? run.length : 0;
}

/**
 * @param {Plans} plans
 * @param {string} value
 * @param {string} digits
 * @param {boolean} isNear
 */
function isNumber(plans, value, digits, isNear) {
  const isGrouped = value.replace(/^[(+]+/, "").length > digits.length;
  if (value.slice(0, 2).includes("+")) return (isGrouped && digits.length > LEAST_BARE && !digits.startsWith("0")) || isInternationalNumber(plans, digits);
  if (NORTH_AMERICAN.test(value) || BRAZILIAN.test(value)) return true;
  const abroad = DIALLED_ABROAD.exec(digits);
  if (abroad) {
    const rest = digits.slice(abroad[0].length);
    return (isGrouped || isNear) && rest.length >= LEAST_BARE && isInternationalNumber(plans, rest);
  }
  if (SPACED.test(value) && isInternationalNumber(plans, HOME + digits)) return true;
  return codes(value, digits, isNear).some((code) => isInternationalNumber(plans, code + digits));
}

/**
 * Return the countries in whose plans a number without country code is looked up.
 *
 * @param {string} value
 * @param {string} digits
 * @param {boolean} isNear
 */
function codes(value, digits, isNear) {
  if (digits.length <= LEAST_BARE || digits.length > MOST_NATIONAL || !GROUPS.test(value)) return [];
  if (isNear) return BESIDE_A_WORD;
  const plain = value.replace(/^\(+/, "");
  return plain.startsWith("0") && plain.length > digits.length ? WITH_ZERO : [];
}
