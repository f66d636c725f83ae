/** What the model looks at: of each token its letters, form and lists, and what stands beside it. */

import { BASIS, further, hashed, mixed } from "./hashing.js";
import { LETTERS, lowered } from "./tokens.js";

/** @typedef {import("./document.js").Model} Model */
/** @typedef {{letters: number, kind: number, form: number, scores: Int16Array}} Word `scores` are what it is worth to those around it, by places and labels. */

/** How many tokens to either side a token is worth something to. */
export const REACH = 3;
export const PLACES = 2 * REACH + 1;
/** How many tokens beyond a text's ends what stands together is looked at. */
export const EDGES = 2;
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
  const scores = new Int16Array(PLACES * model.labels);
  const add = (/** @type {number} */ feature, /** @type {number} */ place) => {
    const row = (mixed(feature, 256 + place) & model.mask) * model.labels;
    addRow(scores, place * model.labels, model.weights, row, model.labels);
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
 * Add to a token's scores what it says together with those beside it.
 *
 * @param {Model} model
 * @param {Int32Array} scores
 * @param {number} at Where its scores begin.
 * @param {Word[]} words Those from EDGES before it on.
 * @param {number} joint Twice whether no space stands before it, and whether none stands behind it.
 */
export function addTogether(model, scores, at, words, joint) {
  const [b2, b1, own, a1, a2] = /** @type {[Word, Word, Word, Word, Word]} */ (words);
  const before = mixed(b1.kind, own.kind);
  const ahead = mixed(own.kind, a1.kind);
  const features = [
    before,
    ahead,
    mixed(b1.letters, own.letters),
    mixed(own.letters, a1.letters),
    mixed(b1.letters, own.kind),
    mixed(a1.letters, own.kind),
    mixed(mixed(b2.kind, b1.kind), own.kind),
    mixed(before, a1.kind),
    mixed(ahead, a2.kind),
    mixed(mixed(own.form * 4 + joint, b1.form), a1.form),
    mixed(mixed(b2.letters, b1.letters), own.form),
    mixed(mixed(b1.letters, a1.letters), own.form),
  ];
  for (let number = 0; number < features.length; number += 1) {
    const row = (mixed(/** @type {number} */ (features[number]), 512 + number) & model.mask) * model.labels;
    addRow(scores, at, model.weights, row, model.labels);
  }
}

/**
 * Add some numbers to others.
 *
 * @param {Int16Array | Int32Array} to
 * @param {number} at Where they are added.
 * @param {Int8Array | Int16Array} from
 * @param {number} first
 * @param {number} count
 */
export function addRow(to, at, from, first, count) {
  for (let number = 0; number < count; number += 1) to[at + number] = /** @type {number} */ (to[at + number]) + /** @type {number} */ (from[first + number]);
}
