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
  `(?<![A-Za-z0-9_./\\-])(?<![0-9]:)(\\(?(?:\\+[0-9]|[0-9])(?:[0-9]|[ ().\\-/](?=[0-9(])|\\)(?=[ 0-9\\-./])|[ ][/\\-][ ](?=[0-9])|[/\\-][ ](?=[0-9])){6,26})${EXTENSION}(?![A-Za-z0-9_])`,
  "gi",
);
const NEVER =
  /^(?:(?:19|20)[0-9]{2}[ ./-][0-9]{1,2}[ ./-][0-9]{1,2}(?: [0-9]{1,2})?|[0-9]{1,2}[ ./-][0-9]{1,2}[ ./-](?:19|20)[0-9]{2}(?: [0-9]{1,2})?|(?:19|20)[0-9]{2}[ ./-](?:19|20)[0-9]{2}|(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})|[0-9]{5}-[0-9]{4}|[0-9]{1,2}(?:[ .][0-9]{3})+|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]+\.[0-9]+)$/;
const SPACED_SIGN = / ?([/-]) ?/g;
const OTHER_NUMBER =
  /(?<![\p{L}\p{N}])(?:order|invoice|ref|reference|isbn|issn|doi|sku|tracking|ticket|case|version|build|serial|account|acct|policy|claim|mrn|ssn|card|routing|iban|nhc|nhs|npi|ein|tax|passport|part|model|article|issue|pedido|factura|rechnung|bestellung|commande|facture|licen[cs]e|licencia|colegiad[oa]|col|coleg|matrícula|matricula|registration|p[oó]liza|polis|police|polizza|historia|dossier|cartella|chart|expediente|claim|siniestro|sinistro)(?: ?(?:no|nr|num|number|id|is|code))?[ #:.="']{0,4}$|(?<![\p{L}\p{N}])(?:[0-9][a-f]|[a-f][0-9]) $/iu;
const BEFORE = 28;
const SHORT_LABEL = /(?<![^\s(|,;/])(?:[TMFPCOHW]|TE|TF|FX|PH)(?:[.:]|\.:) ?$/i;
const LONGEST_SHORT_LABEL = 6;
const NORTH_AMERICAN = /^(?:(?:00)?1[ .-])?(?:\([0-9]{3}\)[ -]?|[0-9]{3}[.\-/])[0-9]{3}[.-][0-9]{4}$/;
const BRAZILIAN = /^\([1-9][0-9]\) ?9?[0-9]{4}-[0-9]{4}$/;
const HOME = "1";
/** Groups in which hardly anything but telephone numbers is written, and the countries that do so. @type {[RegExp, string[]][]} */
const NATIONAL_FORMS = [
  [/^(?:1 )?\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}$/, [HOME, "52", "57", "39", "30", "90"]],
  [/^[6-9][0-9]{2}([ .-])[0-9]{2}(?:\1[0-9]{2}){2}$/, ["34"]],
  [/^[49][0-9]{2} [0-9]{2} [0-9]{3}$/, ["47"]],
  [/^1[3-9][0-9]([ -])[0-9]{4}\1[0-9]{4}$/, ["86"]],
  [/^[1-9][0-9] [0-9]{4}[ -][0-9]{4}$/, ["52", "55", "30"]],
  [/^9 [0-9]{4} [0-9]{4}$/, ["56"]],
];
/** Single digits between signs are versions, scores and steps. */
const GROUPS = /^\(?[0-9]{2,}\)?(?:[ ./-][0-9]{2,}){0,5}$/;
const DIALLED_ABROAD = /^(?:00|011)(?=[1-9])/;
/** German: area code, subscriber and extension apart, by whatever people type. */
const WITH_SPACED_SIGNS = /^\(?0[1-9][0-9]{1,4}\)?(?: ?[/-] ?| )[0-9]{1,8}(?: [0-9]{1,4}){0,4}(?: ?- ?[0-9]{1,4})?$/;
const BETWEEN = new Set(" ()./-");
/** Where a number dialled inside the country starts with 0 and is written with separators. */
const WITH_ZERO = "44 33 49 39 31 61 32 41 43 353 46 27 64 54 36 90 972 81 82 20 234".split(" ");
const BESIDE_A_WORD = [HOME, ..."34 351 55 52 91 45 47 48 30 56 57 86 420".split(" "), ...WITH_ZERO];
/** Where eight digits are a whole number: written in groups, and beside a word. */
const OF_EIGHT = ["45", "47", "65", "852"];

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
          const base = first + found.index;
          for (let begin = 0; begin < run.length; ) {
            const [offset, value] = unwrapped(run.slice(begin));
            begin += offset;
            const { length, ...sureness } = numberAt(rule, plans, text, words, base + begin, value);
            if (!length) break;
            const start = base + begin;
            const end = start + (begin + length === run.length ? found[0].length - begin : length);
            yield { matchStart: start, matchEnd: end, start, end, ...sureness };
            for (begin += length; BETWEEN.has(run.charAt(begin)); ) begin += 1;
          }
        }
      }
    },
  };
}

/**
 * Return how long the number is that a run begins with, and how sure its form makes it.
 *
 * @param {Rule} rule
 * @param {Plans} plans
 * @param {string} text
 * @param {import("../context.js").Words} words
 * @param {number} start
 * @param {string} value
 * @returns {{length: number, sureness?: number}}
 */
function numberAt(rule, plans, text, words, start, value) {
  if (isNoNumber(value)) return { length: 0 };
  const { context } = rule;
  const isBesideWord = words.near(context.words, start, start + value.length, context.within) !== null;
  const isBehindLabel = isBesideWord && words.label(context.words, start) !== null;
  const isLabelled = isBehindLabel || words.heading(context.words, start) !== null;
  const isNear = isLabelled || isBesideWord || SHORT_LABEL.test(text.slice(Math.max(0, start - LONGEST_SHORT_LABEL), start));
  const length = numberLength(plans, value, isNear, isLabelled);
  if (!length || (!isLabelled && OTHER_NUMBER.test(text.slice(Math.max(0, start - BEFORE), start)))) return { length: 0 };
  return !isBesideWord && value.startsWith("+") ? { length, sureness: rule.confidence_with_context } : { length };
}

/**
 * Return how far a run begins without brackets around it, or half around it, and what it is then.
 *
 * @param {string} run
 * @returns {[offset: number, run: string]}
 */
function unwrapped(run) {
  const count = (/** @type {string} */ sign) => inside.split(sign).length;
  const close = run.indexOf(")");
  const offset = run.startsWith("(") && (close < 0 || close === run.length - 1) ? 1 : 0;
  const inside = run.slice(offset);
  return [offset, inside.endsWith(")") && count("(") < count(")") ? inside.slice(0, -1) : inside];
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
    if (digits.length > MOST_DIGITS || isNoNumber(value)) continue;
    if (isNumber(plans, value, digits, isNear)) return end;
  }
  return isLabelled ? guessedLength(run) : 0;
}

/**
 * Whether digits are written as dates, amounts and the like are.
 *
 * @param {string} value
 */
function isNoNumber(value) {
  return NEVER.test(value.replace(SPACED_SIGN, "$1"));
}

/**
 * Return the length of a number no plan need know, as a label stands directly before it.
 *
 * @param {string} run
 */
function guessedLength(run) {
  const digits = run.replace(/[^0-9]/g, "").length;
  return digits >= LEAST_DIGITS && digits <= MOST_NATIONAL && !isNoNumber(run) ? run.length : 0;
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
  const abroad = isGrouped || isNear ? DIALLED_ABROAD.exec(digits) : null;
  if (abroad) {
    const rest = digits.slice(abroad[0].length);
    if (rest.length >= LEAST_BARE && isInternationalNumber(plans, rest)) return true;
  }
  if (NATIONAL_FORMS.some(([form, countries]) => form.test(value) && countries.some((code) => isInternationalNumber(plans, code + digits)))) return true;
  if (isNear && WITH_SPACED_SIGNS.test(value) && isInternationalNumber(plans, `49${digits}`)) return true;
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
  if (digits.length < LEAST_BARE || digits.length > MOST_NATIONAL || !GROUPS.test(value)) return [];
  const plain = value.replace(/^\(+/, "");
  const isGrouped = plain.length > digits.length;
  if (digits.length === LEAST_BARE) return isNear && isGrouped ? OF_EIGHT : [];
  if (isNear) return BESIDE_A_WORD;
  return isGrouped && plain.startsWith("0") ? WITH_ZERO : [];
}
