/** What checks are made of: digits, letters, and the families of checksums, each written once. */

/** @typedef {(value: string) => boolean} Validator */
/** @typedef {Record<string, Validator>} Validators */

/** @param {string} value */
export const digitsOf = (value) => value.replace(/[^0-9]/g, "");
/** @param {string} value */
export const plainOf = (value) => value.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
/** @param {string} value */
export const variety = (value) => new Set(value).size;

/**
 * ISO/IEC 7812-1, annex B.
 *
 * @param {string} digits
 */
export function luhn(digits) {
  let sum = 0;
  for (let index = digits.length - 1, isDoubled = false; index >= 0; index -= 1, isDoubled = !isDoubled) {
    const digit = digits.charCodeAt(index) - 48;
    sum += isDoubled ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/**
 * @param {string} digits
 * @param {number[]} weights
 */
export function weighted(digits, weights) {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);
}

const VERHOEFF_D = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];
const VERHOEFF_P = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];

/** @param {string} digits */
export function verhoeff(digits) {
  let check = 0;
  [...digits].reverse().forEach((digit, index) => {
    const permuted = Number(VERHOEFF_P[index % 8]?.[Number(digit)]);
    check = Number(VERHOEFF_D[check]?.[permuted]);
  });
  return check === 0;
}

/**
 * ISO 7064, mod 97-10, over digits and letters as numbers.
 *
 * @param {string} text
 */
export function mod97(text) {
  let rest = 0;
  for (const sign of text) {
    const value = parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/**
 * Values whose letters and digits are `shape` and pass `checks`, not all of one sign. Where `shape`
 * has a group, the checks see only what it holds: a number without its country.
 *
 * @param {RegExp} shape
 * @param {Validator[]} checks
 * @returns {Validator}
 */
export function shaped(shape, ...checks) {
  return (value) => {
    const found = shape.exec(plainOf(value));
    const number = found ? (found[1] ?? found[0]) : "";
    return variety(number) > 1 && checks.every((check) => check(number));
  };
}

/**
 * The digit behind the weighted ones is what `key` has at the place of their sum.
 *
 * @param {number[]} weights
 * @param {string} key
 * @param {number} first
 * @returns {Validator}
 */
export function keyed(weights, key, first = 0) {
  return (digits) => digits[first + weights.length] === key[modulo(weighted(digits.slice(first), weights), key.length)];
}

/**
 * The weighted sum is a multiple.
 *
 * @param {number[]} weights
 * @param {number} modulus
 * @returns {Validator}
 */
export const multiple = (weights, modulus) => (digits) => modulo(weighted(digits, weights), modulus) === 0;

/**
 * @param {number} number
 * @param {number} modulus
 */
export const modulo = (number, modulus) => ((number % modulus) + modulus) % modulus;
/** @param {string} digits @param {number} modulus */
export const rest = (digits, modulus) => [...digits].reduce((left, digit) => (left * 10 + Number(digit)) % modulus, 0);
/** Keys of sums modulo 11 and 10: the rest itself, or what is missing; ten is written as nought. */
export const REST_11 = "01234567890";
export const MISSING_11 = "00987654321";
export const REST_10 = "0123456789";
export const MISSING_10 = "0987654321";

/**
 * ISO 7064, mod 11,10.
 *
 * @param {string} digits
 */
export function mod1110(digits) {
  let check = 5;
  for (const digit of digits) check = (((check || 10) * 2) % 11 + Number(digit)) % 10;
  return check === 1;
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} day
 */
export function exists(year, month, day) {
  const born = new Date(Date.UTC(2000, month, 0));
  born.setUTCFullYear(year, month, 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= born.getUTCDate();
}

/**
 * The number of two or more digits from `start`.
 *
 * @param {string} digits
 * @param {number} start
 */
export const at = (digits, start, length = 2) => Number(digits.slice(start, start + length));
