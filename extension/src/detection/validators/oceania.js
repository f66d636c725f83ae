/** Tax, health and account numbers of Australia and New Zealand. */

import { DIGITS, from, keyed, numbered, total, turned } from "./families.js";

/** @typedef {import("./shared.js").Validator} Validator */

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
/**
 * Payments NZ, validation algorithms: weights, modulus, and whether the digits of a product are
 * added up.
 *
 * @typedef {[number[], number, boolean]} Algorithm
 */
/** @type {Algorithm} */
const F = [[0, 0, 0, 0, 0, 0, 1, 7, 3, 1, 7, 3, 1, 0, 0, 0], 10, false];
/** @type {Algorithm} */
const G = [[0, 0, 0, 0, 0, 0, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1], 10, true];
/** @type {Record<string, Algorithm>} */
const BANKS = {
  "08": [[0, 0, 0, 0, 0, 0, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0], 11, false],
  "09": [[0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 4, 3, 2, 0, 0, 1], 11, true],
  25: F,
  33: F,
  26: G,
  28: G,
  29: G,
};
/** @type {Algorithm} */
const LOW = [[0, 0, 6, 3, 7, 9, 0, 10, 5, 8, 4, 2, 1, 0, 0, 0], 11, false];
/** @type {Algorithm} */
const HIGH = [[0, 0, 0, 0, 0, 0, 0, 10, 5, 8, 4, 2, 1, 0, 0, 0], 11, false];

/** @type {Validator} */
const auAbn = (plain) => total(`${Number(plain[0]) - 1}${plain.slice(1)}`, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 === 0;

/**
 * The branch is weighed only below base 0990000; the suffix has two or three digits.
 *
 * @type {Validator}
 */
function nzBank(plain) {
  const number = plain.length === 16 ? plain : `${plain.slice(0, 13)}0${plain.slice(13)}`;
  const [weights, modulus, isFolded] = BANKS[number.slice(0, 2)] ?? (number.slice(6, 13) >= "0990000" ? HIGH : LOW);
  const products = weights.map((weight, index) => weight * Number(number[index]));
  return products.reduce((sum, product) => sum + (isFolded && product > 9 ? product % 9 : product), 0) % modulus === 0;
}

/** @type {Validator} */
function nzIrd(plain) {
  if (Number(plain) <= 10000000 || Number(plain) >= 150000000) return false;
  const padded = plain.padStart(9, "0");
  const first = total(padded, [3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  const rest = first === 1 ? total(padded, [7, 4, 3, 2, 5, 2, 7, 6]) % 11 : first;
  return padded[8] === "0?987654321"[rest];
}

/**
 * HISO 10046: letters count from one.
 *
 * @type {Validator}
 */
function nzNhi(plain) {
  const sum = total(plain.slice(0, 3), from(7, 5), ` ${LETTERS}`) + [3, 4, 5].reduce((before, index) => before + (7 - index) * valueOf(plain.charAt(index)), 0);
  const last = plain.charAt(6);
  return /[0-9]/.test(last) ? sum % 11 !== 0 && last === String((11 - (sum % 11)) % 10) : last === LETTERS[22 - (sum % 23)];
}

/** @param {string} sign */
const valueOf = (sign) => (LETTERS.includes(sign) ? LETTERS.indexOf(sign) + 1 : Number(sign));

/** @type {import("./shared.js").Validators} */
export const OCEANIA = {
  au_abn: numbered(/(?!10)[1-9][0-9]{10}/, auAbn),
  au_acn: numbered(/[0-9]{9}/, keyed(from(8, 1), turned(DIGITS))),
  au_medicare: numbered(/[2-6][0-9]{8}[1-9][0-9]?/, keyed([1, 3, 7, 9, 1, 3, 7, 9], DIGITS)),
  nz_bank: numbered(/(?:0[1-46]|0[89]|1[0-9]|2[0-57]|3[0358])[0-9]{13,14}/, nzBank),
  nz_ird: numbered(/[0-9]{8,9}/, nzIrd),
  nz_nhi: numbered(/[A-HJ-NP-Z]{3}(?:[0-9]{4}|[0-9]{2}[A-HJ-NP-Z]{2})/, nzNhi),
};
