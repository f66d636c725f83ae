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
