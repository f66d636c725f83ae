/** What the model looks at: of each token its letters, form and lists, and what stands beside it. */

import { BASIS, further, hashed, mixed } from "./hashing.js";
import { LETTERS, lowered } from "./tokens.js";

/** @typedef {import("./document.js").Model} Model */
/** @typedef {{letters: number, kind: number, form: number, scores: Int32Array}} Word `scores` are what it is worth to those around it, by places and labels. */

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
const TOGETHER = 12;

/**
 * Look at one token; an empty one stands for what is before and behind a text.
 *
 * @param {Model} model
 * @param {string} token
 * @returns {Word}
 */
export function wordOf(model, token) {
  const points = [...(token.startsWith("\n") ? "\n" : token)].slice(0, LONGEST);
  const cut = points.join("");
  const low = lowered(cut);
  const form = formOf(cut, low);
  const sort = model.sorts.get(low) ?? 0;
  const isWord = form < DIGITS;
  const letters = hashed(form >= DIGITS && form < 10 ? "0".repeat(cut.length) : low);
  const lists = isWord ? model.lists.of(letters) : 0;
  const kind = form + FORMS * (lists + LISTS * sort);
  const scores = new Int32Array(PLACES * model.labels);
  const add = (/** @type {number} */ feature, /** @type {number} */ place) => {
    const row = (mixed(feature, 256 + place) & model.mask) * model.labels;
    addWeights(scores, place * model.labels, model.weights, row, model.labels);
  };
  for (let place = 0; place < PLACES; place += 1) {
    add(mixed(letters, 1), place);
    add(mixed(kind, 2), place);
  }
  if (isWord) {
    const lows = [...low];
    const parts = [...partsOf(lows), ...partsOf(lows.reverse())].map((part, number) => mixed(part, 3 + number));
    parts.forEach((part, number) => {
      const isBeside = number === 2 || number === PARTS + 2;
      for (let place = REACH - 1; isBeside && place <= REACH + 1; place += 1) add(part, place);
      if (!isBeside) add(part, REACH);
    });
    add(mixed(letters, 32 + form), REACH);
    add(mixed(Math.min(lows.length, 12), 64 + form), REACH);
    add(mixed(lists, 96 + form), REACH);
    add(mixed(sort, 128), REACH);
  }
  return { letters, kind, form, scores };
}

/**
 * Return the hashes of the beginnings of up to five letters, 0 for those a word is too short for.
 *
 * @param {string[]} letters
 */
function partsOf(letters) {
  let value = BASIS;
  return Array.from({ length: PARTS }, (_, number) => {
    const letter = letters[number];
    return letter === undefined ? 0 : (value = further(value, /** @type {number} */ (letter.codePointAt(0))));
  });
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

/**
 * Return what each label is worth at each token by itself: tokens by labels.
 *
 * @param {Model} model
 * @param {Word[]} words The tokens', with REACH edges before and behind them.
 * @param {number[]} joints 1 for each token before which no space stands, with a 0 behind the last.
 */
export function scoresOf(model, words, joints) {
  const { labels, weights, mask } = model;
  const count = words.length - 2 * REACH;
  const scores = new Int32Array(count * labels);
  const pairs = new Uint32Array(TOGETHER);
  for (let token = 0; token < count; token += 1) {
    const at = token * labels;
    for (let place = 0; place < PLACES; place += 1) {
      addRow(scores, at, /** @type {Word} */ (words[token + 2 * REACH - place]).scores, place * labels, labels);
    }
    sayTogether(pairs, words, token + REACH - EDGES, 2 * /** @type {number} */ (joints[token]) + /** @type {number} */ (joints[token + 1]));
    for (let number = 0; number < TOGETHER; number += 1) {
      addWeights(scores, at, weights, (mixed(/** @type {number} */ (pairs[number]), 512 + number) & mask) * labels, labels);
    }
  }
  return scores;
}

/**
 * Write what a token says together with those beside it.
 *
 * @param {Uint32Array} pairs
 * @param {Word[]} words
 * @param {number} first The number of the one that stands EDGES before it.
 * @param {number} joint
 */
function sayTogether(pairs, words, first, joint) {
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
