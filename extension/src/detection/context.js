/** Words beside a match that make it more than a number. */

import { firstAtLeast } from "./ascending.js";
import { Columns } from "./columns.js";
import { isFiller } from "./filler.js";
import { isLooselyNamed, isMeantAgain, isNamedBehind } from "./naming.js";
import { toCodePoints } from "./spans.js";

/** Greek, Cyrillic, Armenian and Georgian words no longer than this are parts of many others. */
const SHORT = 4;
const LEAST_OF_MANY = 3;
export const LABEL_REACH = 64;
const AGAIN_REACH = 112;
const REST = 8;
const UPPER = /\p{Lu}/u;
const NAMES_END_IN = ["access", "account", "api", "app", "auth", "client", "cred", "key", "pass", "secret", "token"];
/** UTF-16 units of one code point, at most. */
export const MOST_UNITS = 2;

/** @typedef {{starts: number[], names: (index: number) => string, longest: number}} Places Ascending, each with its word; and how long the longest is. */

/** Where the context words of a text stand. */
export class Words {
  /**
   * @param {string} folded
   * @param {Map<string[], string[]>} there Of each list of words those that may be there.
   * @param {(word: string) => number[]} startsOf Ascending. Most words of most texts are never asked for.
   */
  constructor(folded, there, startsOf) {
    this.folded = folded;
    this.columns = new Columns(folded);
    this.there = there;
    this.points = toCodePoints(folded);
    /** @type {Map<string, number[]>} */
    const starts = new Map();
    /** @param {string} word */
    this.startsOf = (word) => {
      let known = starts.get(word);
      if (!known) starts.set(word, (known = startsOf(word)));
      return known;
    };
    /** @type {Map<string[], Places>} */
    this.known = new Map();
  }

  /**
   * Return whether any of `words` stands in the text.
   *
   * @param {string[]} words
   */
  hasAny(words) {
    return this.of(words).starts.length > 0;
  }

  /**
   * Return those of the words of any list that stand in one of some spans, or partly.
   *
   * @param {[start: number, end: number][]} spans In their order, apart.
   */
  in(spans) {
    const starts = spans.map(([start]) => start);
    const isIn = (/** @type {number} */ start, /** @type {number} */ end) => Number(spans[firstAtLeast(starts, end) - 1]?.[1]) > start;
    const words = new Set([...this.there.values()].flat());
    return new Set([...words].filter((word) => this.startsOf(word).some((start) => isIn(start, start + word.length))));
  }

  /**
   * Return where any of `words` stands, in the order of the text. Many matches ask for those of one rule.
   *
   * @param {string[]} words
   * @returns {Places}
   */
  of(words) {
    let known = this.known.get(words);
    if (!known) this.known.set(words, (known = ordered(this.there.get(words) ?? [], this.startsOf)));
    return known;
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
    const reach = MOST_UNITS * within;
    /** @type {string | null} */
    let best = null;
    let distance = within;
    for (const [place, word] of this.#between(words, start - reach, end + reach)) {
      const stop = place + word.length;
      if (stop > start && place < end) continue;
      const away = stop <= start ? points(start) - points(stop) : points(place) - points(end);
      if (away > distance) continue;
      if (away < distance || best === null || saysMore(word, best, word < best)) best = word;
      distance = away;
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
    return this.#last(words, start, MOST_UNITS * within, (stop) => points(start) - points(stop) <= within);
  }

  /**
   * Return the word that stands directly before `start`, with only filler between.
   *
   * @param {string[]} words
   * @param {number} start
   * @returns {string | null}
   */
  label(words, start) {
    return this.#last(words, start, LABEL_REACH, (stop) => isFiller(this.folded.slice(stop, start)));
  }

  /**
   * Return the word before `start` that names what begins there, with some words between.
   *
   * @param {string[]} words
   * @param {number} start
   * @returns {string | null}
   */
  loosely(words, start) {
    return (
      this.#last(words, start, LABEL_REACH, (stop) => isLooselyNamed(this.folded.slice(stop, start))) ??
      this.#last(words, start, AGAIN_REACH, (stop) => isMeantAgain(this.folded.slice(stop, start)))
    );
  }

  /**
   * Return the longest word that alone names the column of a table `start` is in.
   *
   * @param {string[]} words
   * @param {number} start
   * @returns {string | null}
   */
  heading(words, start) {
    const head = this.of(words).starts.length ? this.columns.head(start) : null;
    if (!head) return null;
    const [first, last] = head;
    /** @type {string | null} */
    let longest = null;
    for (const [place, word] of this.#between(words, first, last)) {
      const stop = place + word.length;
      const isLonger = longest === null || saysMore(word, longest, word > longest);
      const isInside = place >= first && stop <= last;
      if (isLonger && isInside && isFiller(this.folded.slice(first, place)) && isFiller(this.folded.slice(stop, last))) longest = word;
    }
    return longest;
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
    for (const [place, word] of this.#between(words, end, end + LABEL_REACH)) {
      const stop = place + word.length;
      const isFirst = place >= end && (place < firstPlace || (place === firstPlace && first !== null && saysMore(word, first, word < first)));
      if (isFirst && isNamedBehind(this.folded.slice(end, place), this.folded.slice(stop, stop + REST))) {
        first = word;
        firstPlace = place;
      }
    }
    return first;
  }

  /**
   * Return the last word that ends before `start`, no farther off than `reach`, and is tied to what begins there.
   *
   * @param {string[]} words
   * @param {number} start
   * @param {number} reach
   * @param {(stop: number) => boolean} isTied
   * @returns {string | null}
   */
  #last(words, start, reach, isTied) {
    /** @type {string | null} */
    let last = null;
    let lastStop = -1;
    for (const [place, word] of this.#between(words, start - reach, start)) {
      const stop = place + word.length;
      if (stop > start) continue;
      const isLater = stop > lastStop || (stop === lastStop && last !== null && saysMore(word, last, word > last));
      if (isLater && isTied(stop)) {
        last = word;
        lastStop = stop;
      }
    }
    return last;
  }

  /**
   * Yield the words that end at `first` or later and start at `last` or earlier.
   *
   * @param {string[]} words
   * @param {number} first
   * @param {number} last
   * @returns {Generator<[place: number, word: string]>}
   */
  *#between(words, first, last) {
    const { starts, names, longest } = this.of(words);
    for (let index = firstAtLeast(starts, first - longest); index < starts.length; index += 1) {
      const place = /** @type {number} */ (starts[index]);
      const word = names(index);
      if (place > last) return;
      if (place + word.length >= first) yield [place, word];
    }
  }
}

/**
 * Return whether the first of two words at one place is to be named: the longer one.
 *
 * @param {string} word
 * @param {string} other
 * @param {boolean} isBefore
 */
const saysMore = (word, other, isBefore) => (word.length === other.length ? isBefore : word.length > other.length);

/**
 * Return where some words or literals stand, in the order of the text.
 *
 * @param {string[]} words
 * @param {(word: string) => number[]} startsOf
 * @returns {Places}
 */
export function ordered(words, startsOf) {
  const found = words.filter((word) => startsOf(word).length);
  const longest = Math.max(0, ...found.map(({ length }) => length));
  const [only = ""] = found;
  if (found.length < 2) return { starts: only ? startsOf(only) : [], names: () => only, longest };
  // Numbers alone are sorted many times as fast as pairs.
  const both = Float64Array.from(found.flatMap((word, name) => startsOf(word).map((start) => start * found.length + name))).sort();
  return { starts: Array.from(both, (one) => Math.floor(one / found.length)), names: (index) => /** @type {string} */ (found[Number(both[index]) % found.length]), longest };
}

/**
 * Return what may follow the word of a label where it names many values: "MRNs", "Nummern".
 *
 * @param {string} word In lower case.
 */
export function endingsOfMany(word) {
  if (word.length < LEAST_OF_MANY || !/[a-z]$/.test(word)) return "";
  return word.endsWith("nummer") ? "sn" : "s";
}

/**
 * Return whether neither neighbour of [start, end) is an ASCII letter or digit; of a word in other letters, a letter:
 * Japanese and Chinese labels touch their values. In scripts whose words stand apart it has to begin one, and a short one
 * has to be all of it: others may have an ending, as Russian and Greek labels do.
 *
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {boolean} isInOtherLetters
 * @param {string} [endings] One of these may follow it.
 */
export function isWholeWord(text, start, end, isInOtherLetters, endings = "") {
  const isInside = isInOtherLetters ? isAsciiLetter : isAlphanumeric;
  const hasEnding = end < text.length && endings.includes(text.charAt(end));
  const [before, behind] = [text.charCodeAt(start - 1), text.charCodeAt(hasEnding ? end + 1 : end)];
  if (isInside(before) || isInside(behind)) return false;
  if (!isInOtherLetters || !isSpaced(text.charCodeAt(start))) return true;
  return !isSpaced(before) && (end - start > SHORT || !isSpaced(behind));
}

/**
 * Whether a letter is Greek, Cyrillic, Armenian or Georgian.
 *
 * @param {number} code
 */
const isSpaced = (code) => (code >= 0x0370 && code <= 0x058f) || (code >= 0x10a0 && code <= 0x10ff);

/** @param {string} word In lower case. */
export const isInOtherLetters = (word) => !/[a-z0-9]/.test(word);

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
export const isAlphanumeric = (code) => (code >= 48 && code <= 57) || isAsciiLetter(code);

/** @param {number} code */
function isAsciiLetter(code) {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
