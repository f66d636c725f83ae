/** Identity, tax and licence numbers of the Americas. */

import { digitsOf, luhn, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/** @type {Validator} */
function usSsn(value) {
  const digits = digitsOf(value);
  const refused = ["078051120", "457555462", "219099999"];
  return /^(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}$/.test(digits) && !refused.includes(digits);
}

/** @type {Validator} */
function usItin(value) {
  const digits = digitsOf(value);
  const group = Number(digits.slice(3, 5));
  const isGroup = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) || (group >= 94 && group <= 99);
  return digits.length === 9 && digits.startsWith("9") && isGroup;
}

/** @type {Validator} */
function caSin(value) {
  const digits = digitsOf(value);
  return /^[1-79][0-9]{8}$/.test(digits) && luhn(digits);
}

/** @type {Validator} */
function brCpf(value) {
  const digits = digitsOf(value);
  if (digits.length !== 11 || /^0+$/.test(digits)) return false;
  const check = (/** @type {number} */ length) => {
    const rest = (11 - (weighted(digits, Array.from({ length }, (_, index) => length + 1 - index)) % 11)) % 11;
    return rest % 10;
  };
  return check(9) === Number(digits[9]) && check(10) === Number(digits[10]);
}

/** @type {import("./shared.js").Validators} */
export const AMERICAS = {
  br_cpf: brCpf,
  ca_sin: caSin,
  us_itin: usItin,
  us_ssn: usSsn,
};
