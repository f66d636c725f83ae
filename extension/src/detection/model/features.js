/** What the model looks at: of each token its letters, form and lists, and what stands beside it. */

import { BASIS, further, hashed, mixed } from "./hashing.js";
import { LETTERS, lowered } from "./tokens.js";

/** @typedef {import("./document.js").Model} Model */
/** @typedef {{low: string, letters: number, lists: number, sort: number, kind: number, form: number, cue: number, scores: Int32Array | null}} Word `cue` says whether it may begin a span, `scores` are what it is worth to those around it, by places and labels. */

/** How many tokens to either side a token is worth something to. */
export const REACH = 3;
const PLACES = 2 * REACH + 1;
/** How many tokens beyond a text's ends what stands together is looked at. */
const EDGES = 2;
const LONGEST = 24;
const IS_LETTER = new RegExp(`^[${LETTERS}]`, "u");
/** @type {Record<string, number>} */
const SIGNS = {};
[".", ",", ":", "\n", "-", "'\u2019", "@", "#", "([", ")]", "/", "_=<>{}`", "", "!?", ";", '"', "&", "|", "*"].forEach((signs, number) => {
  for (const sign of signs) SIGNS[sign] = 10 + number;
});
const OTHER_SIGN = 22;
const EDGE = 29;
const FORMS = 30;
const DIGITS = 6;
const LISTS = 64;
const PARTS = 5;
/** The beginning and the end that count for neighbours too. */
const BESIDE = 2;
/** The sort of words for streets, and how far behind a number one makes it the number of a house. */
const STREET = 1;
const STREET_WITHIN = 4;
const NAMES = 0b001111;
const COMMON = 0b100000;
const TOGETHER = 12;

/**
 * Look at one token; an empty one stands for what is before and behind a text.
 *
 * @param {Model} model
 * @param {string} token
 * @returns {Word}
 */
export function wordOf(model, token) {
  const cut = token.startsWith("\n") ? "\n" : token.length > LONGEST ? [...token].slice(0, LONGEST).join("") : token;
  const low = lowered(cut);
  const form = formOf(cut, low);
  const sort = model.sorts.get(low) ?? 0;
  const letters = hashed(form >= DIGITS && form < 10 ? "0".repeat(cut.length) : low);
  const lists = form < DIGITS ? model.lists.of(letters) : 0;
  return { low, letters, lists, sort, kind: form + FORMS * (lists + LISTS * sort), form, cue: cueOf(form, lists, sort), scores: null };
}

/**
 * Return what a token is worth to those around it; it is worked out when it is first asked for.
 *
 * @param {Model} model
 * @param {Word} word
 */
function scoresOf(model, word) {
  const { low, letters, lists, sort, kind, form } = word;
  const scores = (word.scores = new Int32Array(PLACES * model.labels));
  const add = (/** @type {number} */ feature, /** @type {number} */ place) => {
    const row = (mixed(feature, 256 + place) & model.mask) * model.labels;
    addWeights(scores, place * model.labels, model.weights, row, model.labels);
  };
  const ofLetters = mixed(letters, 1);
  const ofKind = mixed(kind, 2);
  for (let place = 0; place < PLACES; place += 1) {
    add(ofLetters, place);
    add(ofKind, place);
  }
  if (form >= DIGITS) return scores;
  const points = [...low];
  const count = points.length;
  for (let end = 0; end < 2; end += 1) {
    let value = BASIS;
    for (let number = 0; number < PARTS; number += 1) {
      const letter = points[end ? count - 1 - number : number];
      value = letter === undefined ? 0 : further(value, /** @type {number} */ (letter.codePointAt(0)));
      const part = mixed(value, 3 + PARTS * end + number);
      if (number !== BESIDE) add(part, REACH);
      else for (let place = REACH - 1; place <= REACH + 1; place += 1) add(part, place);
    }
  }
  add(mixed(letters, 32 + form), REACH);
  add(mixed(Math.min(count, 12), 64 + form), REACH);
  add(mixed(lists, 96 + form), REACH);
  add(mixed(sort, 128), REACH);
  return scores;
}

/**
 * Return what may begin a span: 1 for a word in capitals or a name, unless it is a common word written as such, or a
 * word for a street, 2 for a number, which may where a street follows, 4 for a street.
 *
 * @param {number} form
 * @param {number} lists
 * @param {number} sort
 */
function cueOf(form, lists, sort) {
  const isName = (lists & NAMES) !== 0;
  const isCommon = (lists & COMMON) !== 0;
  const isCapital = form > 1 && form < DIGITS;
  const isStreet = sort === STREET;
  const begins = (isCapital && (!isCommon || isName)) || (form <= 1 && isName && !isCommon) || isStreet;
  return Number(begins) | (form >= DIGITS && form < 10 ? 2 : 0) | (isStreet ? 4 : 0);
}

/**
 * Return whether a token may begin a span.
 *
 * @param {Word[]} words With REACH edges before and behind them.
 * @param {number} token
 */
export function mayBegin(words, token) {
  const at = token + REACH;
  const { cue } = /** @type {Word} */ (words[at]);
  if (cue & 1) return true;
  for (let distance = 1; cue & 2 && distance <= STREET_WITHIN; distance += 1) if (/** @type {number} */ (words[at + distance]?.cue) & 4) return true;
  return false;
}

/**
 * Return the form: 0 to 5 of letters by case, 6 to 9 of digits by length, then signs.
 *
 * @param {string} token
 * @param {string} low
 */
function formOf(token, low) {
  const first = token.charAt(0);
  if (!first) return EDGE;
  if (first >= "0" && first <= "9") return DIGITS + Math.min(token.length - 1, 3);
  if (!IS_LETTER.test(token)) return SIGNS[first] ?? OTHER_SIGN;
  const isLong = token.length > 1;
  if (token === low) return isLong ? 1 : 0;
  if (token.slice(1) === low.slice(1)) return isLong ? 2 : 3;
  for (let index = 0; index < token.length; index += 1) if (token[index] === low[index]) return 5;
  return 4;
}

const pairs = new Uint32Array(TOGETHER);

/**
 * Write what each label is worth at a token by itself.
 *
 * @param {Model} model
 * @param {Int32Array} scores
 * @param {Word[]} words The text's, with REACH edges before and behind them.
 * @param {number} token
 * @param {number} joint Twice whether no space stands before it, and whether none stands behind it.
 */
export function score(model, scores, words, token, joint) {
  const { labels, weights, mask } = model;
  scores.fill(0);
  for (let place = 0; place < PLACES; place += 1) {
    const word = /** @type {Word} */ (words[token + 2 * REACH - place]);
    addRow(scores, 0, word.scores ?? scoresOf(model, word), place * labels, labels);
  }
  sayTogether(words, token + REACH - EDGES, joint);
  for (let number = 0; number < TOGETHER; number += 1) {
    addWeights(scores, 0, weights, (mixed(/** @type {number} */ (pairs[number]), 512 + number) & mask) * labels, labels);
  }
}

/**
 * Write what a token says together with those beside it.
 *
 * @param {Word[]} words
 * @param {number} first The number of the one that stands EDGES before it.
 * @param {number} joint
 */
function sayTogether(words, first, joint) {
  const b2 = /** @type {Word} */ (words[first]);
  const b1 = /** @type {Word} */ (words[first + 1]);
  const own = /** @type {Word} */ (words[first + 2]);
  const a1 = /** @type {Word} */ (words[first + 3]);
  const a2 = /** @type {Word} */ (words[first + 4]);
  const before = mixed(b1.kind, own.kind);
  const ahead = mixed(own.kind, a1.kind);
  pairs[0] = before;
  pairs[1] = ahead;
  pairs[2] = mixed(b1.letters, own.letters);
  pairs[3] = mixed(own.letters, a1.letters);
  pairs[4] = mixed(b1.letters, own.kind);
  pairs[5] = mixed(a1.letters, own.kind);
  pairs[6] = mixed(mixed(b2.kind, b1.kind), own.kind);
  pairs[7] = mixed(before, a1.kind);
  pairs[8] = mixed(ahead, a2.kind);
  pairs[9] = mixed(mixed(own.form * 4 + joint, b1.form), a1.form);
  pairs[10] = mixed(mixed(b2.letters, b1.letters), own.form);
  pairs[11] = mixed(mixed(b1.letters, a1.letters), own.form);
}

/**
 * Add a row of weights. It has a twin for another kind of array, as each is quick with one kind alone.
 *
 * @param {Int32Array} to
 * @param {number} at Where they are added.
 * @param {Int8Array} from
 * @param {number} first
 * @param {number} count
 */
function addWeights(to, at, from, first, count) {
  for (let number = 0; number < count; number += 1) to[at + number] = /** @type {number} */ (to[at + number]) + /** @type {number} */ (from[first + number]);
}

/**
 * Add what a token is worth to another.
 *
 * @param {Int32Array} to
 * @param {number} at
 * @param {Int32Array} from
 * @param {number} first
 * @param {number} count
 */
function addRow(to, at, from, first, count) {
  for (let number = 0; number < count; number += 1) to[at + number] = /** @type {number} */ (to[at + number]) + /** @type {number} */ (from[first + number]);
}
