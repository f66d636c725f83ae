/** What every match of a rule's pattern must hold; the compiler derives it (backend/detection/gates.py). */

const ZERO = 48;
const NINE = 57;
/** Space, full stop, hyphen and slash may stand between the digits of one run. */
const SEPARATORS = new Set([32, 46, 45, 47]);

/**
 * Return the most digits in a text with nothing but separators between them.
 *
 * @param {string} text
 */
export function longestRun(text) {
  let longest = 0;
  let run = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) {
      run += 1;
      if (run > longest) longest = run;
    } else if (run && !SEPARATORS.has(code)) run = 0;
  }
  return longest;
}

const UNDERSCORE = 95;
const HYPHEN = 45;

/**
 * Return the most ASCII letters, digits, `_` and `-` in a text with nothing between them.
 *
 * @param {string} text
 */
export function longestToken(text) {
  let longest = 0;
  let run = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const small = code | 32;
    if ((small >= 97 && small <= 122) || (code >= ZERO && code <= NINE) || code === UNDERSCORE || code === HYPHEN) {
      run += 1;
      if (run > longest) longest = run;
    } else run = 0;
  }
  return longest;
}
