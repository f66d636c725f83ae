/** Identity, tax, company and health numbers of western Europe: British Isles to Austria. */

import { MISSING_10, at, exists, keyed, luhn, mod1110, mod97, modulo, multiple, rest, shaped, verhoeff, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/** Offices of the Austrian tax administration that give out numbers. */
const AT_OFFICES = "03 04 06 07 08 09 10 12 15 16 18 22 23 29 33 38 41 46 51 52 53 54 57 59 61 65 67 68 69 71 72 81 82 83 84 90 91 93 97 98".split(" ");
const IRISH = "WABCDEFGHIJKLMNOPQRSTUV";
const FRENCH = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const PUPIL = "ABCDEFGHJKLMNPQRTUVWXYZ0123456789";
/** Local authorities of England and Wales, first and last of each run. */
const AUTHORITIES = "201-213 301-320 330-336 340-344 350-359 370-373 380-384 390-394 420-420 800-803 805-808 810-813 815-816 821-823 825-826 830-831 835-837 840-841 845-846 850-852 855-857 860-861 865-874 876-896 908-909 916-916 919-919 921-921 925-926 928-929 931-931 933-933 935-938".split(" ").map((run) => run.split("-").map(Number));

/**
 * @param {string} digits
 * @param {number[]} weights
 */
function digitSums(digits, weights) {
  return weights.reduce((sum, weight, place) => {
    const number = weight * Number(digits[place] ?? 0);
    return sum + Math.floor(number / 10) + (number % 10);
  }, 0);
}

/** @param {string} letter */
const twoDigits = (letter) => String(letter.charCodeAt(0) - 64).padStart(2, "0");

/**
 * ICAO Doc 9303-3, 4.9.
 *
 * @type {Validator}
 */
const icao = (plain) => [...plain.slice(0, -1)].reduce((sum, sign, place) => sum + parseInt(sign, 36) * Number([7, 3, 1][place % 3]), 0) % 10 === Number(plain.slice(-1));

/** @type {Validator} */
const deKvnr = (plain) => digitSums(twoDigits(plain) + plain.slice(1, 9), [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 === at(plain, 9, 1);

/** @type {Validator} */
function deSvnr(plain) {
  const digits = plain.slice(0, 8) + twoDigits(plain.charAt(8)) + plain.slice(9, 11);
  const isDay = at(plain, 2) % 50 <= 31 && at(plain, 4) <= 12;
  return isDay && digitSums(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === at(plain, 11, 1);
}

/** @type {Validator} */
function deLeitweg(value) {
  const plain = value.toUpperCase();
  if (value.length !== plain.length || plain.length > 46 || !/^[0-9]{2,12}(?:-[0-9A-Z]{1,30})?-[0-9]{2}$/.test(plain)) return false;
  return /^(?:0[1-9]|1[0-6]|99)/.test(plain) && mod97(plain.replaceAll("-", "")) === 1;
}

/** @type {Validator} */
const atBorn = (digits) => at(digits, 4) >= 1 && at(digits, 4) <= 31 && at(digits, 6) >= 1 && at(digits, 6) <= 15;

/** @type {Validator} */
function beNn(digits) {
  const isAfter2000 = 2000 + at(digits, 0) <= new Date().getFullYear() && 97 - rest(`2${digits.slice(0, 9)}`, 97) === at(digits, 9);
  const isBefore = 97 - rest(digits.slice(0, 9), 97) === at(digits, 9);
  if (!isBefore && !isAfter2000) return false;
  const month = at(digits, 2);
  if (["000001", "002001", "004001"].includes(digits.slice(0, 6))) return true;
  return month % 20 <= 12 && (month <= 12 || (month >= 20 && month <= 32) || (month >= 40 && month <= 52));
}

/** @type {Validator} */
function beVat(digits) {
  const ten = digits.padStart(10, "0");
  return /^[01]/.test(ten) && (Number(ten.slice(0, 8)) + at(ten, 8)) % 97 === 0;
}

/** Two digits after ten: the rest modulo 97, where 97 stands for nought. @type {Validator} */
const tenAndTwo = (digits) => (rest(digits.slice(0, 10), 97) || 97) === at(digits, 10);

/** @type {Validator} */
const ean = (digits) => weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;

/** @type {Validator} */
function chEsr(digits) {
  let carry = 0;
  for (const digit of digits.slice(0, -1)) carry = Number("0946827135"[(carry + Number(digit)) % 10]);
  return (10 - carry) % 10 === Number(digits.slice(-1));
}

/** @type {Validator} */
function frSiret(digits) {
  const sum = [...digits].reduce((total, digit) => total + Number(digit), 0);
  const isPost = digits.startsWith("356000000") && digits !== "35600000000048";
  return luhn(digits.slice(0, 9)) && (isPost ? sum % 5 === 0 : luhn(digits));
}

/** @type {Validator} */
function frVat(plain) {
  const siren = plain.slice(2);
  if (!siren.startsWith("000") && !luhn(siren)) return false;
  if (/^[0-9]{2}/.test(plain)) return at(plain, 0) === rest(`${siren}12`, 97);
  const [first, second] = [FRENCH.indexOf(plain.charAt(0)), FRENCH.indexOf(plain.charAt(1))];
  const check = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
  return modulo(Number(siren) + 1 + Math.floor(check / 11), 11) === modulo(check, 11);
}

/**
 * @param {string} digits
 * @param {string} letter
 */
const irish = (digits, letter) => IRISH[(weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + 9 * Math.max(0, IRISH.indexOf(letter))) % 23];

/** @type {Validator} */
const iePps = (plain) => plain[7] === irish(plain.slice(0, 7), /[ABH]/.test(plain.charAt(8)) ? plain.charAt(8) : "W");

/** @type {Validator} */
function ieVat(plain) {
  const isOld = /[A-Z]/.test(plain.charAt(1));
  if (isOld && plain.length === 9) return plain[7] === irish(`0${plain.slice(2, 7)}${plain.charAt(0)}`, "W");
  return plain[7] === (isOld ? irish(`0${plain.slice(2, 7)}${plain.charAt(0)}`, "W") : irish(plain.slice(0, 7), plain.charAt(8) || "W"));
}

/** @type {Validator} */
const luId = (digits) => exists(at(digits, 0, 4) || 1, at(digits, 4), at(digits, 6)) && luhn(digits.slice(0, 12)) && verhoeff(digits.slice(0, 11) + digits.slice(12));

/** @type {Validator} */
function nlVat(plain) {
  if (Number(plain.slice(0, 9)) === 0 || plain.endsWith("00")) return false;
  return weighted(plain, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 || mod97(`NL${plain}`) === 1;
}

/** @type {Validator} */
function ukPupil(plain) {
  const isAuthority = AUTHORITIES.some(([first = 0, last = 0]) => at(plain, 1, 3) >= first && at(plain, 1, 3) <= last);
  const sum = [...plain.slice(1)].reduce((total, sign, place) => total + (place + 2) * PUPIL.indexOf(sign), 0);
  return isAuthority && !/[IOS]$/.test(plain) && PUPIL[sum % 23] === plain[0];
}

/** @type {Validator} */
function ukVat(plain) {
  if (/^[GH]/.test(plain)) return true;
  const left = weighted(plain, [8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
  return left === 0 || (at(plain, 0, 3) >= 100 && [42, 55].includes(left));
}

/** @type {import("./shared.js").Validators} */
export const WEST = {
  at_tax: shaped(/^[0-9]{9}$/, luhn, (digits) => AT_OFFICES.includes(digits.slice(0, 2))),
  at_vat: shaped(/^(?:AT)?U([0-9]{8})$/, (digits) => (digitSums(digits, [1, 2, 1, 2, 1, 2, 1]) + at(digits, 7, 1)) % 10 === 6),
  at_vnr: shaped(/^[1-9][0-9]{9}$/, (digits) => weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === at(digits, 3, 1), atBorn),
  be_card: shaped(/^[0-9]{12}$/, tenAndTwo),
  be_nn: shaped(/^[0-9]{11}$/, beNn),
  be_vat: shaped(/^(?:BE)?([01]?[0-9]{9})$/, beVat),
  ch_ahv: shaped(/^756[0-9]{10}$/, ean),
  ch_esr: shaped(/^[0-9]{16,27}$/, chEsr),
  ch_uid: shaped(/^CHE([0-9]{9})(?:MWST|TVA|IVA|TPV)?$/, keyed([5, 4, 3, 2, 7, 6, 5, 4], "0-987654321")),
  de_kvnr: shaped(/^([A-Z][0-9]{9})(?:[0-9]{10})?$/, deKvnr),
  de_lanr: shaped(/^[0-9]{9}$/, keyed([4, 9, 4, 9, 4, 9], MISSING_10)),
  de_leitweg: deLeitweg,
  de_svnr: shaped(/^[0-9]{8}[A-Z][0-9]{3}$/, deSvnr),
  de_vat: shaped(/^(?:DE)?([1-9][0-9]{8})$/, mod1110),
  fr_siren: shaped(/^(?:RCS[A-Z]{2,90})?([0-9]{9})$/, luhn),
  fr_siret: shaped(/^[0-9]{14}$/, frSiret),
  fr_tax: shaped(/^[0-3][0-9]{12}$/, (digits) => rest(digits.slice(0, 10), 511) === at(digits, 10, 3)),
  fr_vat: shaped(/^(?:FR)?([0-9A-HJ-NP-Z]{2}[0-9]{9})$/, frVat),
  ie_pps: shaped(/^[0-9]{7}[A-W][ABHWTX]?$/, iePps),
  ie_vat: shaped(/^(?:IE)?([0-9][0-9A-Z][0-9]{5}[A-W][A-IW]?)$/, ieVat),
  icao: shaped(/^[A-Z][0-9A-Z]{8}[0-9]$/, icao),
  lu_id: shaped(/^(?:18|19|20)[0-9]{11}$/, luId),
  lu_vat: shaped(/^(?:LU)?([0-9]{8})$/, (digits) => at(digits, 0, 6) % 89 === at(digits, 6)),
  nl_onderwijsnummer: shaped(/^10[0-9]{7}$/, (digits) => modulo(weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]), 11) === 5),
  nl_vat: shaped(/^(?:NL)?([0-9]{9}B[0-9]{2})$/, nlVat),
  uk_chi: shaped(/^[0-9]{10}$/, (digits) => exists(2000 + at(digits, 4), at(digits, 2), at(digits, 0)), multiple([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11)),
  uk_pupil: shaped(/^[A-Z][0-9]{11}[0-9A-Z]$/, ukPupil),
  uk_utr: shaped(/^([0-9]{10})K?$/, (digits) => digits[0] === "21987654321"[weighted(digits.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11]),
  uk_vat: shaped(/^(?:GB|XI)?([0-9]{9}|[0-9]{12}|GD[0-4][0-9]{2}|HA[5-9][0-9]{2})$/, ukVat),
};
