/** Identity and tax numbers of Europe. */

import { digitsOf, plainOf, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

const SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";

const ODD = { values: [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23] };

/** @type {Validator} */
function esDni(value) {
  const plain = plainOf(value).toUpperCase();
  return /^[0-9]{8}[A-Z]$/.test(plain) && SPANISH[Number(plain.slice(0, 8)) % 23] === plain[8];
}

/** @type {Validator} */
function esNie(value) {
  const plain = plainOf(value).toUpperCase();
  return /^[XYZ][0-9]{7}[A-Z]$/.test(plain) && esDni("XYZ".indexOf(plain.charAt(0)) + plain.slice(1));
}

/**
 * DM 23/12/1976; `omocodia` puts letters for digits.
 *
 * @type {Validator}
 */
function codiceFiscale(value) {
  const plain = plainOf(value).toUpperCase();
  if (!/^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/.test(plain)) return false;
  let sum = 0;
  for (let index = 0; index < 15; index += 1) {
    const sign = plain.charAt(index);
    const number = /[0-9]/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65;
    sum += index % 2 === 0 ? Number(ODD.values[number]) : number;
  }
  if (String.fromCharCode(65 + (sum % 26)) !== plain[15]) return false;
  const figures = [...plain].map((sign) => ("LMNPQRSTUV".includes(sign) ? "LMNPQRSTUV".indexOf(sign) : sign));
  const [year, month, day] = [Number(figures.slice(6, 8).join("")), "ABCDEHLMPRST".indexOf(plain.charAt(8)), Number(figures.slice(9, 11).join("")) % 40];
  const born = new Date(Date.UTC((year < 20 ? 2000 : 1900) + year, month, day));
  return day > 0 && born.getUTCMonth() === month;
}

/**
 * AO 139b: ISO 7064 mod 11,10; of the first ten digits exactly one comes twice or thrice.
 *
 * @type {Validator}
 */
function deTaxId(value) {
  const digits = digitsOf(value);
  if (!/^[1-9][0-9]{10}$/.test(digits)) return false;
  const counts = [...new Set(digits.slice(0, 10))].map((digit) => digits.slice(0, 10).split(digit).length - 1);
  const repeated = counts.filter((count) => count > 1);
  if (repeated.length !== 1 || Number(repeated[0]) > 3) return false;
  let check = 5;
  for (const digit of digits) check = (((check || 10) * 2) % 11 + Number(digit)) % 10;
  return check === 1;
}

/** @type {Validator} */
function frNir(value) {
  const plain = plainOf(value).toUpperCase();
  if (!/^[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}$/.test(plain)) return false;
  const corrected = plain.slice(0, 13).replace(/^(.{5})2A/, "$119").replace(/^(.{5})2B/, "$118");
  return Number(plain.slice(13)) === 97 - Number(BigInt(corrected) % 97n);
}

/** @type {Validator} */
function nlBsn(value) {
  const digits = digitsOf(value).padStart(9, "0");
  return digits.length === 9 && Number(digits) > 0 && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

/** @type {import("./shared.js").Validators} */
export const EUROPE = {
  codice_fiscale: codiceFiscale,
  de_tax_id: deTaxId,
  es_dni: esDni,
  es_nie: esNie,
  fr_nir: frNir,
  nl_bsn: nlBsn,
};
