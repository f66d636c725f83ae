/** Identity, tax, company and account numbers of central and eastern Europe. */

import { MISSING_10, MISSING_11, REST_10, REST_11, at, exists, keyed, mod1110, multiple, plainOf, rest, shaped, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/** Banks of the Czech National Bank's list. */
const CZ_BANKS = "0100 0300 0600 0710 0800 2010 2060 2070 2100 2200 2220 2250 2260 2600 2700 3030 3060 3500 4300 5500 5800 6000 6200 6210 6300 6363 6700 6800 7910 7950 7960 7970 7990 8030 8040 8060 8090 8150 8190 8198 8220 8250 8255 8265 8500 8610 8660".split(" ");
const RO_COUNTIES = "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 51 52".split(" ");
const RO_BIRTHPLACES = [...RO_COUNTIES, "41", "42", "43", "44", "45", "46", "47", "48", "70", "80", "81", "82", "83"];

/** @type {Validator} */
function azVoen(digits) {
  return weighted(digits, [4, 1, 8, 6, 2, 7, 5, 3]) % 11 === at(digits, 8, 1);
}

/** @type {Validator} */
function bgBorn(digits) {
  const month = at(digits, 2);
  const [year, number] = month > 40 ? [2000, month - 40] : month > 20 ? [1800, month - 20] : [1900, month];
  return exists(year + at(digits, 0), number, at(digits, 4));
}

/** @type {Validator} */
const bgEgn = (digits) => bgBorn(digits) && keyed([2, 4, 8, 5, 10, 9, 7, 3, 6], REST_11)(digits);

const bgPnf = keyed([21, 19, 17, 13, 11, 9, 7, 3, 1], REST_10);

/** @type {Validator} */
function bgVat(digits) {
  if (digits.length === 10) return bgEgn(digits) || bgPnf(digits) || keyed([4, 3, 2, 7, 6, 5, 4, 3, 2], "0-987654321")(digits);
  const first = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
  return (first < 10 ? first : (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10]) % 11) % 10) === at(digits, 8, 1);
}

/** @type {Validator} */
function byUnp(plain) {
  const digits = /^[A-Z]/.test(plain) ? `0${"ABCEHKMOPT".indexOf(plain.charAt(1))}${plain.slice(2)}` : plain;
  const first = parseInt(plain.charAt(0), 36);
  const sum = 29 * first + weighted(digits.slice(1), [23, 19, 17, 13, 7, 5, 3]);
  return /^[1-7A-Z]/.test(plain) && sum % 11 === at(plain, 8, 1);
}
const byUnpOf = shaped(/^(?:[0-9]{9}|[ABCEHKM][ABCEHKMOPT][0-9]{7})$/, byUnp);

/** @type {Validator} */
function czAccount(value) {
  const parts = /^(?:([0-9]{1,6})-)?([0-9]{2,10})\/([0-9]{4})$/.exec(value);
  const isMultiple = multiple([6, 3, 7, 9, 10, 5, 8, 4, 2, 1], 11);
  return parts !== null && [parts[1], parts[2]].every((part = "") => isMultiple(part.padStart(10, "0"))) && CZ_BANKS.includes(parts[3] ?? "");
}

/** @type {Validator} */
function czRc(digits) {
  let year = 1900 + at(digits, 0);
  if (digits.length === 9) {
    if (year >= 1980) year -= 100;
    if (year > 1953) return false;
  } else if (year < 1954) {
    year += 100;
  }
  return exists(year, (at(digits, 2) % 50) % 20, at(digits, 4)) && (digits.length === 9 || rest(digits.slice(0, 9), 11) % 10 === at(digits, 9, 1));
}

/** @type {Validator} */
function czVat(digits) {
  if (digits.length === 8) {
    const check = (11 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    return !digits.startsWith("9") && (check || 1) % 10 === at(digits, 7, 1);
  }
  if (digits.length === 10 || !digits.startsWith("6")) return czRc(digits);
  const check = weighted(digits.slice(1), [8, 7, 6, 5, 4, 3, 2]) % 11;
  return (((8 - ((((10 - check) % 11) + 11) % 11)) % 10) + 10) % 10 === at(digits, 8, 1);
}

/** @type {Validator} */
function huPersonal(digits) {
  const weights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const sums = [weighted(digits, weights), weighted(digits, [...weights].reverse())];
  return exists(2000 + at(digits, 1), at(digits, 3), at(digits, 5)) && sums.some((sum) => sum % 11 === at(digits, 10, 1));
}

const balkan = keyed([7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], MISSING_11);

/** @type {Validator} */
function jmbg(digits) {
  const year = at(digits, 4, 3);
  return exists(year + (year < 800 ? 2000 : 1000), at(digits, 2), at(digits, 0)) && balkan(digits);
}

/**
 * Letters from ten; the sum is a multiple of ten.
 *
 * @param {number[]} weights
 * @returns {Validator}
 */
const lettered = (weights) => (plain) => weights.reduce((sum, weight, place) => sum + weight * parseInt(plain.charAt(place), 36), 0) % 10 === 0;

/** @type {Validator} */
function plBorn(digits) {
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(at(digits, 2) / 20)] ?? 0;
  return exists(century + at(digits, 0), at(digits, 2) % 20, at(digits, 4));
}

/** @type {Validator} */
function plRegon(digits) {
  const isShort = keyed([8, 9, 2, 3, 4, 5, 6, 7], REST_11)(digits);
  return isShort && (digits.length === 9 || keyed([2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8], REST_11)(digits));
}

/** @type {Validator} */
function roCnp(digits) {
  const century = /^[34]/.test(digits) ? 1800 : /^[56]/.test(digits) ? 2000 : 1900;
  return exists(century + at(digits, 1), at(digits, 3), at(digits, 5)) && RO_BIRTHPLACES.includes(digits.slice(7, 9)) && keyed([2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], "01234567891")(digits);
}

/** @type {Validator} */
function roCompany(value) {
  const plain = value.replace(/[ -]/g, "").toUpperCase();
  const old = /^[JFC]([0-9]{1,2})\/[0-9]{1,5}\/([0-9]{4})$/.exec(plain);
  if (value.length !== [...value].length) return false;
  if (old) return RO_COUNTIES.includes(String(Number(old[1])).padStart(2, "0")) && Number(old[2]) >= 1990 && Number(old[2]) <= 2024;
  if (!/^[JFC][0-9]{13}$/.test(plain)) return false;
  const [year, county] = [at(plain, 1, 4), plain.slice(11, 13)];
  const isCounty = county === "00" ? year >= 2024 : year <= 2024 && RO_COUNTIES.includes(county);
  const sum = (plain.charCodeAt(0) % 10) + [...plain.slice(1, 13)].reduce((total, digit) => total + Number(digit), 0);
  return year >= 1990 && year <= new Date().getFullYear() && isCounty && sum % 10 === at(plain, 13, 1);
}

/** @type {Validator} */
function ruInn(digits) {
  if (digits.length === 10) return keyed([2, 4, 10, 3, 5, 9, 4, 6, 8], REST_11)(digits);
  return keyed([7, 2, 4, 10, 3, 5, 9, 4, 6, 8], REST_11)(digits) && keyed([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], REST_11)(digits);
}

/** @type {Validator} */
const ruOgrn = (digits) => rest(digits.slice(0, -1), digits.length === 13 ? 11 : 13) % 10 === Number(digits.slice(-1)) && (digits.length === 13 || rest(digits.slice(0, -1), 13) < 10);

/** @type {Validator} */
const skVat = (digits) => czRc(digits) || (/^[1-9][0-9][2-4789]/.test(digits) && rest(digits, 11) === 0);

/** @type {Validator} */
function uaEdrpou(digits) {
  const weights = /^[345]/.test(digits) ? [7, 1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6, 7];
  const first = weighted(digits, weights) % 11;
  const check = first < 10 ? first : (weighted(digits, weights.map((weight) => weight + 2)) % 11) % 10;
  return check === at(digits, 7, 1);
}

/** @type {import("./shared.js").Validators} */
export const EAST = {
  az_voen: shaped(/^[0-9]{9}[12]$/, azVoen),
  bg_egn: shaped(/^[0-9]{10}$/, bgEgn),
  bg_pnf: shaped(/^[0-9]{10}$/, bgPnf),
  bg_vat: shaped(/^(?:BG)?([0-9]{9,10})$/, bgVat),
  by_unp: (value) => byUnpOf(plainOf(value).replace(/^UNP/, "")),
  cz_account: czAccount,
  cz_ico: shaped(/^[0-8][0-9]{7}$/, czVat),
  cz_rc: shaped(/^[0-9]{9,10}$/, czRc),
  cz_vat: shaped(/^(?:CZ)?([0-9]{8,10})$/, czVat),
  hr_oib: shaped(/^(?:HR)?([0-9]{11})$/, mod1110),
  hu_personal: shaped(/^[1-8][0-9]{10}$/, huPersonal),
  hu_taj: shaped(/^[0-9]{9}$/, keyed([3, 7, 3, 7, 3, 7, 3, 7], REST_10)),
  hu_tax: shaped(/^8[0-9]{9}$/, keyed([1, 2, 3, 4, 5, 6, 7, 8, 9], "0123456789-")),
  hu_vat: shaped(/^(?:HU)?([0-9]{8})(?:[1-5][0-9]{2})?$/, multiple([9, 7, 3, 1, 9, 7, 3, 1], 10)),
  jmbg: shaped(/^[0-9]{13}$/, jmbg),
  md_idno: shaped(/^[0-9]{13}$/, keyed([7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1], REST_10)),
  me_pib: shaped(/^[0-9]{8}$/, keyed([8, 7, 6, 5, 4, 3, 2], MISSING_11)),
  mk_edb: shaped(/^(?:MK)?([0-9]{13})$/, balkan),
  pl_card: shaped(/^[A-Z]{3}[0-9]{6}$/, lettered([7, 3, 1, 9, 7, 3, 1, 7, 3])),
  pl_nip: shaped(/^(?:PL)?([0-9]{10})$/, keyed([6, 5, 7, 2, 3, 4, 5, 6, 7], "0123456789-")),
  pl_passport: shaped(/^[A-Z]{2}[0-9]{7}$/, lettered([7, 3, 9, 1, 7, 3, 1, 7, 3])),
  pl_pesel: shaped(/^[0-9]{11}$/, keyed([1, 3, 7, 9, 1, 3, 7, 9, 1, 3], MISSING_10), plBorn),
  pl_regon: shaped(/^(?:[0-9]{9}|[0-9]{14})$/, plRegon),
  ro_cnp: shaped(/^[1-9][0-9]{12}$/, roCnp),
  ro_company: roCompany,
  ro_cui: shaped(/^(?:RO)?([1-9][0-9]{1,9})$/, (digits) => keyed([70, 50, 30, 20, 10, 70, 50, 30, 20], REST_11)(digits.padStart(10, "0"))),
  rs_pib: shaped(/^(?:RS)?([0-9]{9})$/, mod1110),
  ru_inn: shaped(/^(?:[0-9]{10}|[0-9]{12})$/, ruInn),
  ru_ogrn: shaped(/^(?:[1-9][0-9]{12}|[34][0-9]{14})$/, ruOgrn),
  ru_snils: shaped(/^[0-9]{11}$/, (digits) => (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === at(digits, 9)),
  si_company: shaped(/^([0-9]{7})(?:[0-9A-Z][0-9]{2})?$/, keyed([7, 6, 5, 4, 3, 2], "-0987654321")),
  si_vat: shaped(/^(?:SI)?([1-9][0-9]{7})$/, keyed([8, 7, 6, 5, 4, 3, 2], "-0987654321")),
  sk_vat: shaped(/^(?:SK)?([0-9]{10})$/, skVat),
  ua_edrpou: shaped(/^[0-9]{8}$/, uaEdrpou),
  ua_rntrc: shaped(/^[0-9]{10}$/, keyed([-1, 5, 7, 9, 4, 6, 10, 5, 7], REST_11)),
};
