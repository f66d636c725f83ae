/** Words beside a match that make it more than a number. */

import { isFiller } from "./filler.js";
import { isLooselyNamed, isNamedBehind } from "./naming.js";
import { toCodePoints } from "./spans.js";

const LABEL_REACH = 64;
const REST = 4;
const UPPER = /\p{Lu}/u;
const NAMES_END_IN = ["access", "account", "api", "app", "auth", "client", "cred", "key", "pass", "secret", "token"];
/** UTF-16 units of one code point, at most. */
const MOST_UNITS = 2;

/** Where each context word stands in one text: `places.get(word)` are its starts, ascending. */
export class Words {
  /**
   * @param {string} folded
   * @param {Map<string, number[]>} places
   */
  constructor(folded, places) {
    this.folded = folded;
    this.places = places;
    this.points = toCodePoints(folded);
  }

  /**
   * Return whether any of `words` stands in the text.
   *
   * @param {string[]} words
   */
  hasAny(words) {
    return words.some((word) => this.places.has(word));
  }

  /**
   * Return the nearest word wholly inside `within` code points beside [start, end).
   *
   * @param {string[]} words
   * @param {number} start
   * @param {number} end
   * @param {number} within
   * @returns {string | null}
   */
  near(words, start, end, within) {
    const { points } = this;
    /** @type {string | null} */
    let best = null;
    let distance = within;
    for (const word of words) {
      const reach = MOST_UNITS * within;
      for (const place of this.#between(word, start - reach - word.length, end + reach)) {
        const stop = place + word.length;
        if (stop > start && place < end) continue;
        const away = stop <= start ? points(start) - points(stop) : points(place) - points(end);
        if (away > distance) continue;
        if (away < distance || best === null || word < best) best = word;
        distance = away;
      }
    }
    return best;
  }

  /**
   * Return the last word before `start` with at most `within` code points between.
   *
   * @param {string[]} words
   * @param {number} start
   * @param {number} within
   * @returns {string | null}
   */
  before(words, start, within) {
    const { points } = this;
    /** @type {string | null} */
    let last = null;
    let lastStop = -1;
    for (const word of words) {
      const place = this.#between(word, start - MOST_UNITS * within - word.length, start - word.length).at(-1);
      if (place === undefined) continue;
      const stop = place + word.length;
      if (points(start) - points(stop) > within) continue;
      if (stop > lastStop || (stop === lastStop && last !== null && word > last)) {
        last = word;
        lastStop = stop;
      }
    }
    return last;
  }

  /**
   * Return the word that stands directly before `start`, with only filler between.
   *
   * @param {string[]} words
   * @param {number} start
   * @returns {string | null}
   */
  label(words, start) {
    return this.#tied(words, start, isFiller);
  }

  /**
   * Return the word before `start` that names what begins there, with some words between.
   *
   * @param {string[]} words
   * @param {number} start
   * @returns {string | null}
   */
  loosely(words, start) {
    return this.#tied(words, start, isLooselyNamed);
  }

  /**
   * Return the word after `end` that is said to name what ends there.
   *
   * @param {string[]} words
   * @param {number} end
   * @returns {string | null}
   */
  behind(words, end) {
    /** @type {string | null} */
    let first = null;
    let firstPlace = Infinity;
    for (const word of words) {
      for (const place of this.#between(word, end, end + LABEL_REACH)) {
        const stop = place + word.length;
        const isFirst = place < firstPlace || (place === firstPlace && first !== null && word < first);
        if (isFirst && isNamedBehind(this.folded.slice(end, place), this.folded.slice(stop, stop + REST))) {
          first = word;
          firstPlace = place;
        }
      }
    }
    return first;
  }

  /**
   * @param {string[]} words
   * @param {number} start
   * @param {(between: string) => boolean} areTied
   * @returns {string | null}
   */
  #tied(words, start, areTied) {
    /** @type {string | null} */
    let last = null;
    let lastStop = -1;
    for (const word of words) {
      for (const place of this.#between(word, start - LABEL_REACH - word.length, start - word.length)) {
        const stop = place + word.length;
        const isLater = stop > lastStop || (stop === lastStop && last !== null && word > last);
        if (isLater && areTied(this.folded.slice(stop, start))) {
          last = word;
          lastStop = stop;
        }
      }
    }
    return last;
  }

  /**
   * @param {string} word
   * @param {number} first
   * @param {number} last
   * @returns {number[]}
   */
  #between(word, first, last) {
    const places = this.places.get(word);
    return places ? places.slice(firstAtLeast(places, first), firstAtLeast(places, last + 1)) : [];
  }
}

/**
 * Return the index of the first of ascending `values` that is not below `least`.
 *
 * @param {number[]} values
 * @param {number} least
 */
function firstAtLeast(values, least) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (values[middle]) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Return whether neither neighbour of [start, end) is an ASCII letter or digit.
 *
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
export function isWholeWord(text, start, end) {
  return !isAlphanumeric(text.charCodeAt(start - 1)) && !isAlphanumeric(text.charCodeAt(end));
}

/**
 * Return whether [start, end) is a word of a name such as `myAcmeKey`, `acme2` or `acmetoken`.
 *
 * @param {string} text
 * @param {string} plain The text in lower case.
 * @param {number} start
 * @param {number} end
 */
export function isPartOfName(text, plain, start, end) {
  if (start > 0 && isLetter(plain, start - 1) && !isTurn(text, start)) return false;
  return end === text.length || !isLetter(plain, end) || isTurn(text, end) || NAMES_END_IN.some((name) => plain.startsWith(name, end));
}

/**
 * @param {string} text
 * @param {number} place
 */
const isLetter = (text, place) => /\p{L}/u.test(text.charAt(place));

/**
 * @param {string} text
 * @param {number} place
 */
const isTurn = (text, place) => UPPER.test(text.charAt(place)) && !UPPER.test(text.charAt(place - 1));

/** @param {number} code */
function isAlphanumeric(code) {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
