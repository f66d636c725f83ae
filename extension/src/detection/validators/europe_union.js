/** Numbers of the European Union and its markets. */

import { mod97, shaped } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

const MARKET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
const STATES = "040 056 100 191 196 203 208 233 246 250 276 300 348 372 380 428 440 442 470 528 616 620 642 703 705 724 752 900".split(" ");

/** @type {Validator} */
const banknote = (plain) => !/^[AIKOQ]/.test(plain) && [...plain].reduce((sum, sign) => sum + (/[0-9]/.test(sign) ? Number(sign) : sign.charCodeAt(0)), 0) % 9 === 0;

/** @type {Validator} */
const ecNumber = (digits) => {
  const sum = [...digits.slice(0, 6)].reduce((total, digit, place) => total + (place + 1) * Number(digit), 0);
  return String(sum % 11).charAt(0) === digits[6];
};

/** @type {Validator} */
function euEic(value) {
  if (!/^[0-9]{2}[TVWXYZA][0-9A-Z-]{12}[0-9A-Z]$/.test(value)) return false;
  const sum = [...value.slice(0, 15)].reduce((total, sign, place) => total + (16 - place) * MARKET.indexOf(sign), 0);
  return MARKET[36 - ((sum + 36) % 37)] === value[15];
}

/** @type {import("./shared.js").Validators} */
export const UNION = {
  eu_banknote: shaped(/^[A-Z][0-9A-Z][0-9]{10}$/, banknote),
  eu_creditor: shaped(/^[A-Z]{2}[0-9]{2}[0-9A-Z]{4,31}$/, (plain) => mod97(plain.slice(7) + plain.slice(0, 4)) === 1),
  eu_ec_number: shaped(/^[0-9]{7}$/, ecNumber),
  eu_eic: euEic,
  eu_oss: shaped(/^(?:EU[0-9]{9}|IM[0-9]{10})$/, (plain) => STATES.includes(plain.slice(2, 5))),
};
