/** Identity, tax, company and account numbers of southern Europe and Turkey. */

import { MISSING_11, at, exists, keyed, luhn, multiple, rest, shaped, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

const SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";
const CYPRIOT = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
const LAND = "MQWERTYUIOPASDFGHJKLBZX";
/** The cadastre counts Ñ among the letters, so that those behind N stand one higher. */
const LAND_LETTERS = "ABCDEFGHIJKLMN?OPQRSTUVWXYZ";

/** @type {Validator} */
function adNrt(plain) {
  const number = at(plain, 1, 6);
  if (plain.startsWith("F")) return number <= 699999;
  return !/^[AL]/.test(plain) || (number > 699999 && number < 800000);
}

/** @type {Validator} */
function cyVat(plain) {
  const sum = [...plain.slice(0, 8)].reduce((total, digit, place) => total + (place % 2 ? Number(digit) : Number(CYPRIOT[Number(digit)])), 0);
  return !plain.startsWith("12") && plain.charCodeAt(8) - 65 === sum % 26;
}

/** @param {string} ten */
const accountDigit = (ten) => {
  const check = weighted(ten, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]) % 11;
  return check < 2 ? check : 11 - check;
};

/** @type {Validator} */
const esCcc = (digits) => accountDigit(`00${digits.slice(0, 8)}`) === at(digits, 8, 1) && accountDigit(digits.slice(10)) === at(digits, 9, 1);

/** @type {Validator} */
function esCif(plain) {
  const check = [..."0123456789"].findIndex((digit) => luhn(plain.slice(1, 8) + digit));
  return plain[8] === String(check) || plain[8] === "JABCDEFGHI"[check];
}

/** @param {string} digits */
const spanishLetter = (digits) => SPANISH[Number(digits) % 23];

/** @type {Validator} */
function esNif(plain) {
  if (/^[0-9]{8}[A-Z]$/.test(plain)) return spanishLetter(plain.slice(0, 8)) === plain[8];
  if (/^[XYZ]/.test(plain)) return spanishLetter("XYZ".indexOf(plain.charAt(0)) + plain.slice(1, 8)) === plain[8];
  if (/^[KLM]/.test(plain)) return spanishLetter(plain.slice(1, 8)) === plain[8];
  return /^[A-HJNP-SUVW]/.test(plain) && esCif(plain);
}

/** @type {Validator} */
function esCups(plain) {
  const left = rest(plain.slice(2, 18), 529);
  return plain.slice(18, 20) === `${SPANISH[Math.floor(left / 23)]}${SPANISH[left % 23]}`;
}

/** @param {string} eleven */
const landLetter = (eleven) => {
  const weights = [13, 15, 12, 5, 4, 17, 9, 21, 3, 7, 1];
  const sum = weights.reduce((total, weight, place) => {
    const sign = eleven.charAt(place);
    return total + weight * (/[0-9]/.test(sign) ? Number(sign) : LAND_LETTERS.indexOf(sign) + 1);
  }, 0);
  return LAND[sum % 23];
};

/** @type {Validator} */
const esLand = (plain) => plain.slice(18) === `${landLetter(plain.slice(0, 7) + plain.slice(14, 18))}${landLetter(plain.slice(7, 14) + plain.slice(14, 18))}`;

/** @type {Validator} */
function esNuss(digits) {
  const [province, serial] = [at(digits, 0), at(digits, 2, 8)];
  const whole = serial < 10000000 ? province * 10000000 + serial : at(digits, 0, 10);
  return province >= 1 && province <= 66 && whole % 97 === at(digits, 10);
}

/** @type {Validator} */
const grBorn = (digits) => [1900, 2000].some((century) => exists(century + at(digits, 4), at(digits, 2), at(digits, 0)));

/** @type {Validator} */
function itAic(digits) {
  const sum = [...digits.slice(0, 8)].reduce((total, digit, place) => total + (place % 2 ? Math.floor(Number(digit) / 5) + ((Number(digit) * 2) % 10) : Number(digit)), 0);
  return sum % 10 === at(digits, 8, 1);
}

/** @type {Validator} */
const itOffice = (digits) => at(digits, 0, 7) > 0 && ((at(digits, 7, 3) >= 1 && at(digits, 7, 3) <= 100) || [120, 121, 888, 999].includes(at(digits, 7, 3)));

/** @type {Validator} */
function ptCc(plain) {
  const sum = [...plain].reverse().reduce((total, sign, place) => {
    const number = parseInt(sign, 36) * (place % 2 ? 2 : 1);
    return total + (place % 2 && number > 9 ? number - 9 : number);
  }, 0);
  return sum % 10 === 0;
}

/** @type {Validator} */
function trTckn(digits) {
  const first = (10 - (weighted(digits, [3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10;
  return first === at(digits, 9, 1) && (first + weighted(digits, [1, 1, 1, 1, 1, 1, 1, 1, 1])) % 10 === at(digits, 10, 1);
}

/** @type {Validator} */
function trVkn(digits) {
  const sum = [...digits.slice(0, 9)].reverse().reduce((total, digit, place) => {
    const moved = (Number(digit) + place + 1) % 10;
    return total + (moved ? (moved * 2 ** (place + 1)) % 9 || 9 : 0);
  }, 0);
  return (10 - (sum % 10)) % 10 === at(digits, 9, 1);
}

/** @type {Validator} */
function grVat(digits) {
  return keyed([256, 128, 64, 32, 16, 8, 4, 2], "01234567890")(digits);
}

/** @type {import("./shared.js").Validators} */
export const SOUTH = {
  ad_nrt: shaped(/^[ACDEFGLOPU][0-9]{6}[A-Z]$/, adNrt),
  cy_vat: shaped(/^(?:CY)?([0-9]{8}[A-Z])$/, cyVat),
  es_ccc: shaped(/^[0-9]{20}$/, esCcc),
  es_cif: shaped(/^(?:ES)?([A-HJNP-SUVW][0-9]{7}[0-9A-J])$/, esCif),
  es_cups: shaped(/^ES[0-9]{16}[A-Z]{2}(?:[0-9][FPRCXYZ])?$/, esCups),
  es_land: shaped(/^[0-9A-Z]{20}$/, esLand),
  es_nif: shaped(/^(?:ES)?([0-9A-Z][0-9]{7}[0-9A-Z])$/, esNif),
  es_nuss: shaped(/^[0-9]{12}$/, esNuss),
  gr_amka: shaped(/^[0-9]{11}$/, luhn, grBorn),
  gr_vat: shaped(/^(?:EL|GR)?([0-9]{9})$/, grVat),
  it_aic: shaped(/^A?(0[0-9]{8})$/, itAic),
  it_vat: shaped(/^(?:IT)?([0-9]{11})$/, luhn, itOffice),
  mt_vat: shaped(/^(?:MT)?([1-9][0-9]{7})$/, multiple([3, 4, 6, 7, 8, 9, 10, 1], 37)),
  pt_cc: shaped(/^[0-9]{9}[0-9A-Z]{2}[0-9]$/, ptCc),
  pt_nif: shaped(/^(?:PT)?([1-9][0-9]{8})$/, keyed([9, 8, 7, 6, 5, 4, 3, 2], MISSING_11)),
  pt_niss: shaped(/^[12][0-9]{10}$/, keyed([29, 23, 19, 17, 13, 11, 7, 5, 3, 2], "9876543210")),
  tr_tckn: shaped(/^[1-9][0-9]{10}$/, trTckn),
  tr_vkn: shaped(/^[0-9]{10}$/, trVkn),
};
