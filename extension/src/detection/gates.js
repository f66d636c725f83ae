/** What every match of a rule's pattern must hold; the compiler derives it (backend/detection/gates.py). */

import { once } from "./once.js";

const DIGIT = 1;
const TOKEN = 2;
/** Space, full stop, hyphen, slash and brackets may stand between the digits of one run; no space in a word. */
const SEPARATOR = 4;
const SPACE = 8;
const SPACE_CODE = 32;
const TAB_CODE = 9;
const BREAK_CODE = 10;
/** What each ASCII character is. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return (/[0-9]/.test(sign) ? DIGIT : 0) | (/[\w-]/.test(sign) ? TOKEN : 0) | (/[.\-/()]/.test(sign) ? SEPARATOR : 0) | (sign === " " ? SPACE : 0);
});
/** From one run to the next in a fourth of the time that a loop takes. */
const ANY_DIGIT = /[0-9]/g;
/** Shorter ones are words, and not noted. */
export const LEAST_TOKEN = 12;

/** Runs of some characters: where each begins and ends, and how many it has. */
class Runs {
  constructor() {
    this.longest = 0;
    /** @type {number[]} */
    this.starts = [];
    /** @type {number[]} */
    this.ends = [];
    /** @type {number[]} */
    this.lengths = [];
    /** @type {Map<number, {starts: number[], ends: number[]}>} */
    this.known = new Map();
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {number} length
   */
  add(start, end, length) {
    this.starts.push(start);
    this.ends.push(end);
    this.lengths.push(length);
    if (length > this.longest) this.longest = length;
  }

  /**
   * Return where the runs begin and end that have at least so many.
   *
   * @param {number} least
   */
  asLongAs(least) {
    let found = this.known.get(least);
    if (found) return found;
    this.known.set(least, (found = { starts: [], ends: [] }));
    for (let index = 0; index < this.lengths.length; index += 1) {
      if (/** @type {number} */ (this.lengths[index]) < least) continue;
      found.starts.push(/** @type {number} */ (this.starts[index]));
      found.ends.push(/** @type {number} */ (this.ends[index]));
    }
    return found;
  }
}

/**
 * Return the runs of digits of a text: with separators between them, the same without spaces, and with nothing between;
 * the longer runs of ASCII letters, digits, `_` and `-`, and those without white space.
 *
 * @param {string} text
 */
export function runsOf(text) {
  return { digits: digitsOf(text, SEPARATOR | SPACE), figures: once(() => digitsOf(text, SEPARATOR)), solid: digitsOf(text, 0), tokens: longRunsOf(text, isOfToken), unbroken: once(() => longRunsOf(text, isUnbroken)) };
}

/**
 * @param {string} text
 * @param {number} between What may stand between the digits of a run.
 */
function digitsOf(text, between) {
  const digits = new Runs();
  for (ANY_DIGIT.lastIndex = 0; ANY_DIGIT.test(text); ) {
    const start = ANY_DIGIT.lastIndex - 1;
    let end = start + 1;
    let count = 1;
    for (let place = end; place < text.length; place += 1) {
      const kind = KINDS[text.charCodeAt(place)] ?? 0;
      if (kind & DIGIT) {
        count += 1;
        end = place + 1;
      } else if (!(kind & between)) break;
    }
    digits.add(start, end, count);
    ANY_DIGIT.lastIndex = end;
  }
  return digits;
}

/**
 * A run is looked for from where it would have to reach, back to where it would begin: most end on the way.
 *
 * @param {string} text
 * @param {(text: string, place: number) => boolean} isInside
 */
function longRunsOf(text, isInside) {
  const runs = new Runs();
  runs.longest = LEAST_TOKEN - 1;
  for (let first = 0; first + LEAST_TOKEN <= text.length; ) {
    let place = first + LEAST_TOKEN - 1;
    while (place >= first && isInside(text, place)) place -= 1;
    if (place < first) {
      place = first + LEAST_TOKEN;
      while (place < text.length && isInside(text, place)) place += 1;
      runs.add(first, place, place - first);
    }
    first = place + 1;
  }
  return runs;
}

/**
 * @param {string} text
 * @param {number} place
 */
const isOfToken = (text, place) => ((KINDS[text.charCodeAt(place)] ?? 0) & TOKEN) > 0;

/**
 * @param {string} text
 * @param {number} place
 */
function isUnbroken(text, place) {
  const code = text.charCodeAt(place);
  return code !== SPACE_CODE && code !== BREAK_CODE && code !== TAB_CODE;
}
