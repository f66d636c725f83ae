/** Identity, tax and company numbers of the Nordic and Baltic states. */

import { MISSING_10, at, exists, keyed, luhn, multiple, shaped, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/** @type {Validator} */
function dkBorn(digits) {
  const [day, month, short] = [at(digits, 0), at(digits, 2), at(digits, 4)];
  const seventh = digits.charAt(6);
  const isOld = "5678".includes(seventh) && short >= 58;
  const isLast = "0123".includes(seventh) || ("49".includes(seventh) && short >= 37);
  const year = short + (isOld ? 1800 : isLast ? 1900 : 2000);
  return exists(year, month, day) && new Date(year, month - 1, day) <= new Date();
}

/** @type {Validator} */
function fiHetu(value) {
  const parts = /^([0-3][0-9])([01][0-9])([0-9]{2})([-+A-FU-Y])([0-9]{3})([0-9A-Y])$/.exec(value.toUpperCase());
  if (!parts || !/^[\x20-\x7e]+$/.test(value)) return false;
  const [, day = "", month = "", year = "", sign = "", serial = "", control] = parts;
  const century = sign === "+" ? 1800 : "ABCDEF".includes(sign) ? 2000 : 1900;
  return exists(century + Number(year), Number(month), Number(day)) && Number(serial) >= 2 && control === "0123456789ABCDEFHJKLMNPRSTUVWXY"[Number(day + month + year + serial) % 31];
}

/** @type {Validator} */
function isikukood(digits) {
  const century = 1800 + Math.floor((Number(digits[0]) - 1) / 2) * 100;
  return exists(century + at(digits, 1), at(digits, 3), at(digits, 5)) && twofold(digits);
}

/**
 * Weights from 1, and where the rest is ten, once more from 3.
 *
 * @param {string} digits
 */
function twofold(digits) {
  const places = [...digits.slice(0, -1)].map((_, place) => place);
  const first = weighted(digits, places.map((place) => (place % 9) + 1)) % 11;
  const check = first === 10 ? weighted(digits, places.map((place) => ((place + 2) % 9) + 1)) % 11 : first;
  return check % 10 === Number(digits.slice(-1));
}

/** @type {Validator} */
function isBorn(digits) {
  const day = at(digits, 0);
  return exists((digits[9] === "9" ? 1900 : 2000) + at(digits, 4), at(digits, 2), day >= 40 ? day - 40 : day);
}

/** @type {Validator} */
function lvVat(digits) {
  if (/^[4-9]/.test(digits)) return weighted(digits, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3;
  const isBorn = digits.startsWith("32") || exists(1800 + at(digits, 6, 1) * 100 + at(digits, 4), at(digits, 2), at(digits, 0));
  return isBorn && ((1 + weighted(digits, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10 === at(digits, 10, 1);
}

/** @type {Validator} */
function noBorn(digits) {
  const [short, serial] = [at(digits, 4), at(digits, 6, 3)];
  const day = at(digits, 0) > 40 ? at(digits, 0) - 40 : at(digits, 0);
  const month = at(digits, 2) > 40 ? at(digits, 2) - 40 : at(digits, 2);
  const year = serial < 500 ? 1900 + short : serial < 750 && short >= 54 ? 1800 + short : short < 40 ? 2000 + short : serial >= 900 ? 1900 + short : 0;
  return year > 0 && exists(year, month, day) && new Date(year, month - 1, day) <= new Date();
}

/** @type {Validator} */
function seBorn(digits) {
  const ten = digits.slice(-10);
  const century = Number(digits.slice(0, -10) || "20");
  return exists(century * 100 + at(ten, 0), at(ten, 2), at(ten, 4) % 60) && luhn(ten);
}

const LACKING = "0-987654321";

/** @type {import("./shared.js").Validators} */
export const NORDIC_BALTIC = {
  dk_cpr: shaped(/^[0-9]{10}$/, dkBorn),
  dk_cvr: shaped(/^(?:DK)?([1-9][0-9]{7})$/, multiple([2, 7, 6, 5, 4, 3, 2, 1], 11)),
  ee_company: shaped(/^[1789][0-9]{7}$/, twofold),
  ee_vat: shaped(/^(?:EE)?([0-9]{9})$/, keyed([3, 7, 1, 3, 7, 1, 3, 7], MISSING_10)),
  fi_hetu: fiHetu,
  fi_ytunnus: shaped(/^(?:FI)?([0-9]{8})$/, multiple([7, 9, 10, 5, 8, 4, 2, 1], 11)),
  isikukood: shaped(/^[1-8][0-9]{10}$/, isikukood),
  is_kennitala: shaped(/^[0-7][0-9][01][0-9]{6}[09]$/, multiple([3, 2, 7, 6, 5, 4, 3, 2, 1], 11), isBorn),
  lt_vat: shaped(/^(?:LT)?([0-9]{7}1[0-9]|[0-9]{10}1[0-9])$/, twofold),
  lv_vat: shaped(/^(?:LV)?([0-9]{11})$/, lvVat),
  no_account: shaped(/^[0-9]{11}$/, keyed([6, 7, 8, 9, 4, 5, 6, 7, 8, 9], "0123456789-")),
  no_fodselsnummer: shaped(/^[0-7][0-9]{10}$/, keyed([3, 7, 6, 1, 8, 9, 4, 5, 2], LACKING), keyed([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], LACKING), noBorn),
  no_orgnr: shaped(/^(?:NO)?([0-9]{9})(?:MVA)?$/, multiple([3, 2, 7, 6, 5, 4, 3, 2, 1], 11)),
  se_orgnr: shaped(/^[1-9][0-9][2-9][0-9]{7}$/, luhn),
  se_personnummer: shaped(/^(?:19|20)?[0-9]{10}$/, seBorn),
  se_vat: shaped(/^(?:SE)?([0-9]{10})01$/, luhn),
};
