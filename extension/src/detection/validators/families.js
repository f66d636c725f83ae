/** Families of checks, of which a number's own check is made by naming its shape and its weights. */

import { plainOf } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

export const DIGITS = "0123456789";
export const DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * Numbers from `first` down or up to `last`.
 *
 * @param {number} first
 * @param {number} last
 */
export const from = (first, last) => Array.from({ length: Math.abs(last - first) + 1 }, (_, index) => first + (last < first ? -index : index));

/**
 * Accepts values whose letters and digits, in upper case, are `shape` and pass all `checks`.
 *
 * @param {RegExp} shape
 * @param {Validator[]} checks
 * @returns {Validator}
 */
export function numbered(shape, ...checks) {
  const whole = new RegExp(`^(?:${shape.source})$`);
  return (value) => {
    const plain = plainOf(value);
    return whole.test(plain) && checks.every((check) => check(plain));
  };
}

/**
 * @param {Validator[]} checks
 * @returns {Validator}
 */
export const either = (...checks) => (value) => checks.some((check) => check(value));

/**
 * The key of checks that bring a sum up to a multiple: 0, 9, 8 ... 1 for digits.
 *
 * @param {string} alphabet
 */
export const turned = (alphabet) => alphabet.charAt(0) + [...alphabet.slice(1)].reverse().join("");

/**
 * The weighted sum of the first signs, by their places in `alphabet`.
 *
 * @param {string} plain
 * @param {number[]} weights
 */
export const total = (plain, weights, alphabet = DIGITS) =>
  weights.slice(0, plain.length).reduce((sum, weight, index) => sum + weight * alphabet.indexOf(plain.charAt(index)), 0);

/**
 * Accepts where the sign behind the weighted ones is that of `key` at their sum.
 *
 * @param {number[]} weights
 * @param {string} key
 * @returns {Validator}
 */
export const keyed =
  (weights, key, { first = 0, alphabet = DIGITS, plus = 0 } = {}) =>
  (plain) =>
    plain[first + weights.length] === key[(total(plain.slice(first), weights, alphabet) + plus) % key.length];

/**
 * Accepts where the last sign is that of `key`, the weights going from right to left.
 *
 * @param {number[]} weights
 * @param {string} key
 * @returns {Validator}
 */
export const keyedBackwards = (weights, key) => (plain) => plain.slice(-1) === key[total([...plain.slice(0, -1)].reverse().join(""), weights) % key.length];

/**
 * Accepts where the weighted sum leaves `wanted`.
 *
 * @param {number[]} weights
 * @param {number} modulus
 * @returns {Validator}
 */
export const remains =
  (weights, modulus, wanted = 0, alphabet = DIGITS) =>
  (plain) =>
    total(plain, weights, alphabet) % modulus === wanted;

/**
 * ISO/IEC 7812-1, annex B, over an alphabet of even length.
 *
 * @param {number} [end]
 * @returns {Validator}
 */
export const luhnOf =
  (first = 0, end, alphabet = DIGITS) =>
  (plain) => {
    const base = alphabet.length;
    const sum = [...plain.slice(first, end)].reverse().reduce((before, sign, index) => {
      const value = alphabet.indexOf(sign) * (1 + (index % 2));
      return before + Math.floor(value / base) + (value % base);
    }, 0);
    return sum % base === 0;
  };

/**
 * Accepts where a date stands at `first`; `added` is what women's days have on top, say 40.
 *
 * @param {number} first
 * @returns {Validator}
 */
export const dated =
  (first, order = "YYMMDD", added = 0) =>
  (plain) => {
    const [year = 0, month = 0, day = 0] = ["Y", "M", "D"].map((letter) => Number(plain.slice(first + order.indexOf(letter), first + order.lastIndexOf(letter) + 1)));
    return isDate(year > 99 ? year : 2000 + year, month, added && day > added ? day - added : day);
  };

/**
 * Whether there was or will be such a day in the life of somebody alive.
 *
 * @param {number} year
 * @param {number} month
 * @param {number} day
 */
export const isDate = (year, month, day) => year >= 1850 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
