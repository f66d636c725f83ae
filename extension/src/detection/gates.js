/** What every match of a rule's pattern must hold; the compiler derives it (backend/detection/gates.py). */

const DIGIT = 1;
const TOKEN = 2;
const SEPARATOR = 4;
/** What each ASCII character is: space, full stop, hyphen, slash and brackets may stand between the digits of one run. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return (/[0-9]/.test(sign) ? DIGIT : 0) | (/[\w-]/.test(sign) ? TOKEN : 0) | (/[ .\-/()]/.test(sign) ? SEPARATOR : 0);
});
/** From one run to the next in a fourth of the time that a loop takes. */
const ANY_DIGIT = /[0-9]/g;
/** Shorter ones are words, and not noted. */
export const LEAST_TOKEN = 12;

/** Runs of some characters: where each begins, and how many it has. */
class Runs {
  constructor() {
    this.longest = 0;
    /** @type {number[]} */
    this.starts = [];
    /** @type {number[]} */
    this.lengths = [];
    /** @type {Map<number, number[]>} */
    this.known = new Map();
  }

  /**
   * @param {number} start
   * @param {number} length
   */
  add(start, length) {
    this.starts.push(start);
    this.lengths.push(length);
    if (length > this.longest) this.longest = length;
  }

  /**
   * Return where the runs begin that have at least so many.
   *
   * @param {number} least
   */
  asLongAs(least) {
    let found = this.known.get(least);
    if (!found) this.known.set(least, (found = this.starts.filter((_, index) => /** @type {number} */ (this.lengths[index]) >= least)));
    return found;
  }
}

/**
 * Return the runs of digits of a text, with nothing but separators between, and the longer ones of ASCII letters,
 * digits, `_` and `-`.
 *
 * @param {string} text
 */
export function runsOf(text) {
  return { digits: digitsOf(text), tokens: tokensOf(text) };
}

/** @param {string} text */
function digitsOf(text) {
  const digits = new Runs();
  for (ANY_DIGIT.lastIndex = 0; ANY_DIGIT.test(text); ) {
    let place = ANY_DIGIT.lastIndex;
    let count = 1;
    for (; place < text.length; place += 1) {
      const kind = KINDS[text.charCodeAt(place)] ?? 0;
      if (kind & DIGIT) count += 1;
      else if (!(kind & SEPARATOR)) break;
    }
    digits.add(ANY_DIGIT.lastIndex - 1, count);
    ANY_DIGIT.lastIndex = place;
  }
  return digits;
}

/**
 * A run is looked for from where it would have to reach, back to where it would begin: most end on the way.
 *
 * @param {string} text
 */
function tokensOf(text) {
  const tokens = new Runs();
  tokens.longest = LEAST_TOKEN - 1;
  for (let first = 0; first + LEAST_TOKEN <= text.length; ) {
    let place = first + LEAST_TOKEN - 1;
    while (place >= first && isOfToken(text, place)) place -= 1;
    if (place < first) {
      place = first + LEAST_TOKEN;
      while (place < text.length && isOfToken(text, place)) place += 1;
      tokens.add(first, place - first);
    }
    first = place + 1;
  }
  return tokens;
}

/**
 * @param {string} text
 * @param {number} place
 */
const isOfToken = (text, place) => ((KINDS[text.charCodeAt(place)] ?? 0) & TOKEN) > 0;
