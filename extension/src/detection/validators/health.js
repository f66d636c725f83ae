/** Numbers of patients and clinicians. */

import { digitsOf, luhn, variety, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/**
 * 45 CFR 162.406.
 *
 * @type {Validator}
 */
function npi(value) {
  const digits = digitsOf(value);
  return digits.length === 10 && /^[12]/.test(digits) && luhn(`80840${digits}`);
}

/**
 * 21 CFR 1301.
 *
 * @type {Validator}
 */
function dea(value) {
  const digits = digitsOf(value.slice(2));
  return digits.length === 7 && weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === Number(digits[6]);
}

/** @type {Validator} */
function nhs(value) {
  const digits = digitsOf(value);
  return digits.length === 10 && variety(digits) > 1 && weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** @type {import("./shared.js").Validators} */
export const HEALTH = {
  dea,
  nhs,
  npi,
};
