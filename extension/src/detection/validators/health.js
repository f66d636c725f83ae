/** Numbers of patients and clinicians. */

import { digitsOf, luhn, plainOf, variety, verhoeff, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/**
 * 45 CFR 162.406.
 *
 * @type {Validator}
 */
function npi(value) {
  const all = digitsOf(value);
  const digits = all.length === 15 && all.startsWith("80840") ? all.slice(5) : all;
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

/**
 * AS 5017.
 *
 * @type {Validator}
 */
function auIhi(value) {
  const digits = digitsOf(value);
  return digits.length === 16 && /^80036[0-2]/.test(digits) && luhn(digits);
}

/**
 * Services Australia: six weighted digits and the place of practice, modulo 11.
 *
 * @type {Validator}
 */
function auProvider(value) {
  const plain = plainOf(value);
  const place = "0123456789ABCDEFGHJKLMNPQRTUVWXY".indexOf(plain.charAt(6));
  if (plain.length !== 8 || !/^[0-9]{6}/.test(plain) || place < 0) return false;
  return plain[7] === "YXWTLKJHFBA"[(weighted(plain, [3, 5, 8, 4, 2, 1]) + 6 * place) % 11];
}

/** @type {Validator} */
const loinc = (value) => luhn(digitsOf(value));

/**
 * SNOMED CT release file specification 5.4.
 *
 * @type {Validator}
 */
function snomed(value) {
  const digits = digitsOf(value);
  return ["00", "01", "02", "10", "11", "12"].includes(digits.slice(-3, -1)) && verhoeff(digits);
}

/**
 * GS1 general specifications 7.9.
 *
 * @type {Validator}
 */
function udi(value) {
  const digits = digitsOf(value).replace(/^01/, "").slice(0, 14);
  return digits.length === 14 && weighted(digits, [3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

/** @type {import("./shared.js").Validators} */
export const HEALTH = {
  au_ihi: auIhi,
  au_provider: auProvider,
  dea,
  loinc,
  nhs,
  npi,
  snomed,
  udi,
};
