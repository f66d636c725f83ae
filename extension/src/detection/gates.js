/** What every match of a rule's pattern must hold; the compiler derives it (backend/detection/gates.py). */

const DIGIT = 1;
const TOKEN = 2;
const SEPARATOR = 4;
/** What each ASCII character is: space, full stop, hyphen and slash may stand between the digits of one run. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return (/[0-9]/.test(sign) ? DIGIT : 0) | (/[\w-]/.test(sign) ? TOKEN : 0) | (/[ .\-/]/.test(sign) ? SEPARATOR : 0);
});
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
  const digits = new Runs();
  const tokens = new Runs();
  tokens.longest = LEAST_TOKEN - 1;
  let first = 0;
  let count = 0;
  let token = 0;
  for (let place = 0; place < text.length; place += 1) {
    const kind = KINDS[text.charCodeAt(place)] ?? 0;
    if (kind & TOKEN) token += 1;
    else {
      if (token >= LEAST_TOKEN) tokens.add(place - token, token);
      token = 0;
    }
    if (kind & DIGIT) {
      if (!count) first = place;
      count += 1;
    } else if (count && !(kind & SEPARATOR)) {
      digits.add(first, count);
      count = 0;
    }
  }
  if (token >= LEAST_TOKEN) tokens.add(text.length - token, token);
  if (count) digits.add(first, count);
  return { digits, tokens };
}
