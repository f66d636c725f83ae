/** Identity and tax numbers of Asia, the Pacific and Africa. */

import { digitsOf, verhoeff, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/** @type {Validator} */
function aadhaar(value) {
  const digits = digitsOf(value);
  return digits.length === 12 && !/^[01]/.test(digits) && verhoeff(digits);
}

/** @type {Validator} */
function auTfn(value) {
  const digits = digitsOf(value);
  const weights = [1, 4, 3, 7, 5, 8, 6, 9, 10];
  return (digits.length === 8 || digits.length === 9) && weighted(digits, weights.slice(0, digits.length)) % 11 === 0;
}

/** @type {import("./shared.js").Validators} */
export const ASIA_PACIFIC = {
  aadhaar,
  au_tfn: auTfn,
};
