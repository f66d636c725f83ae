/**
 * What a text speaks of, told from its words, their beginnings and their pairs, in whole numbers. The twin of
 * backend/detection/topic.py.
 */

import { BASIS, further, mixed } from "./model/hashing.js";
import { LETTERS, tokenised } from "./model/tokens.js";

/** Words of a window, and how far on the next one begins. */
const WINDOW = 48;
const STEP = 24;
/** So many words are told that say most; where not so many are clear, nothing is said yet. */
const MOST = 3;
const FEWEST = 2;
/** Letters of a word that count, and how many one has at least that counts by itself. */
const LONGEST = 12;
const LEAST = 3;
/** What a word is worth by itself that is clear: two thirds of a nat. */
const CLEAR = 8;
/** Letters of a word that is told: shorter ones say little to somebody who reads them. */
const TELLING = 5;
const BEGINNINGS = [4, 5, 6, 7];
/** How much of a word counts beside its neighbour, and beside the one behind that. */
const PAIRED = 6;
const APART = 5;
const WHOLE = 1;
const PAST = 0x5bd1e995;
const ZERO = "?".charCodeAt(0);
const LETTER = new RegExp(`^[${LETTERS}]`, "u");
const DIGIT = /^[0-9]/;

/** @typedef {{bias: number, least: number, weights: string}} Written */
/** @typedef {{start: number, end: number, isWord: boolean, length: number, reached: number[]}} Word `reached` are the hashes after none, one, two ... of its letters. */

export class Topic {
  /** @param {Written} written */
  constructor({ bias, least, weights }) {
    this.bias = bias;
    this.least = least;
    this.weights = Int8Array.from(weights, (sign) => sign.charCodeAt(0) - ZERO);
  }

  /**
   * Return where the words stand that say most, none where a text in lower case is silent.
   *
   * @param {string} plain
   * @returns {{start: number, end: number}[]}
   */
  words(plain) {
    const read = wordsOf(plain);
    const buckets = read.map((_, place) => this.#buckets(read, place));
    const worth = this.#worth(buckets);
    const best = worth.indexOf(Math.max(...worth));
    if (Number(worth[best]) < this.least) return [];
    const at = best * STEP;
    const own = buckets.slice(at, at + WINDOW).map((some) => this.#sum(some));
    const telling = own.flatMap((worth, place) => (worth >= CLEAR ? [place] : []));
    if (telling.length < FEWEST) return [];
    const long = telling.filter((place) => Number(read[at + place]?.length) >= TELLING);
    const order = (long.length ? long : telling).sort((one, other) => Number(own[other]) - Number(own[one]) || one - other);
    const told = order.slice(0, MOST).sort((one, other) => one - other);
    return told.map((place) => /** @type {Word} */ (read[at + place])).map(({ start, end }) => ({ start, end }));
  }

  /**
   * Return what the words of each window are worth together, each feature once. A word is in the window that begins
   * with its own step, and in the one before.
   *
   * @param {number[][]} buckets
   */
  #worth(buckets) {
    const worth = Array(Math.max(1, Math.ceil((buckets.length - STEP) / STEP))).fill(this.bias);
    /** The last window that each feature was counted in. @type {Map<number, number>} */
    const counted = new Map();
    buckets.forEach((some, place) => {
      const step = Math.floor(place / STEP);
      const last = Math.min(step, worth.length - 1);
      for (const bucket of some) {
        for (let window = Math.max(0, step - 1, (counted.get(bucket) ?? -1) + 1); window <= last; window += 1) worth[window] += Number(this.weights[bucket]);
        counted.set(bucket, last);
      }
    });
    return worth;
  }

  /** @param {Iterable<number>} buckets */
  #sum(buckets) {
    let sum = 0;
    for (const bucket of buckets) sum += Number(this.weights[bucket]);
    return sum;
  }

  /**
   * Return the buckets of what a word is: in whole, by how it begins, with the two behind it.
   *
   * @param {Word[]} read
   * @param {number} place
   */
  #buckets(read, place) {
    const { isWord, length, reached } = /** @type {Word} */ (read[place]);
    if (!isWord) return [];
    const found = [];
    if (length >= LEAST) found.push(mixed(begun(reached, LONGEST), WHOLE));
    for (const many of BEGINNINGS) if (length > many) found.push(mixed(begun(reached, many), many));
    const [next, second] = [read[place + 1], read[place + 2]];
    if (next?.isWord) found.push(mixed(begun(reached, PAIRED), begun(next.reached, PAIRED)));
    if (second?.isWord) found.push(mixed(begun(reached, APART) ^ PAST, begun(second.reached, APART)));
    return found.map((hash) => hash & (this.weights.length - 1)).filter(Boolean);
  }
}

/**
 * @param {number[]} reached
 * @param {number} length
 */
const begun = (reached, length) => /** @type {number} */ (reached[Math.min(length, reached.length - 1)]);

/**
 * Return the words and numbers of a text.
 *
 * @param {string} plain
 * @returns {Word[]}
 */
function wordsOf(plain) {
  const { words, starts, ends } = tokenised(plain);
  return words.flatMap((word, place) => {
    const isWord = LETTER.test(word);
    if (!isWord && !DIGIT.test(word)) return [];
    const reached = [BASIS];
    for (const letter of word.slice(0, LONGEST)) reached.push(further(/** @type {number} */ (reached.at(-1)), bare(letter)));
    return [{ start: Number(starts[place]), end: Number(ends[place]), isWord, length: word.length, reached }];
  });
}

/**
 * Return the code of a letter without its marks.
 *
 * @param {string} letter
 */
const bare = (letter) => /** @type {number} */ ((letter < "\u0080" ? letter : letter.normalize("NFD")).codePointAt(0));
