/** Hashes of 32 bits that Python, numpy and JavaScript make alike: FNV-1a of letters, the finaliser of MurmurHash3 of numbers. */

const PRIME = 0x01000193;
export const BASIS = 0x811c9dc5;

/**
 * Return the hash that follows when one more code point is read.
 *
 * @param {number} value
 * @param {number} point
 */
export const further = (value, point) => Math.imul(value ^ point, PRIME) >>> 0;

/**
 * Return the hash of a text.
 *
 * @param {string} text
 */
export function hashed(text) {
  let value = BASIS;
  for (const letter of text) value = further(value, /** @type {number} */ (letter.codePointAt(0)));
  return value;
}

/**
 * Return the hash of a value and a salt.
 *
 * @param {number} value
 * @param {number} salt
 */
export function mixed(value, salt) {
  let made = value ^ Math.imul(salt, 0x9e3779b1);
  made = Math.imul(made ^ (made >>> 16), 0x85ebca6b);
  made = Math.imul(made ^ (made >>> 13), 0xc2b2ae35);
  return (made ^ (made >>> 16)) >>> 0;
}
