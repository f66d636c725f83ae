/** Dates, network addresses, devices and vehicles. */

import { digitsOf, luhn, variety } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

const DATE = /^(?:(?<year>(?:19|20)[0-9]{2})[-/.](?<month>[0-9]{1,2})[-/.](?<day>[0-9]{1,2})|(?<first>[0-9]{1,2})[-/.](?<second>[0-9]{1,2})[-/.](?<last>(?:19|20)?[0-9]{2}))$/;

/**
 * 49 CFR 565.15.
 *
 * @type {Validator}
 */
function vin(value) {
  const upper = value.toUpperCase();
  if (!/^[0-9A-HJ-NPR-Z]{17}$/.test(upper) || variety(upper) < 4) return false;
  const letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  const sum = weights.reduce((total, weight, index) => {
    const sign = upper.charAt(index);
    return total + weight * (/[0-9]/.test(sign) ? Number(sign) : Number(numbers[letters.indexOf(sign)]));
  }, 0);
  return upper[8] === (sum % 11 === 10 ? "X" : String(sum % 11));
}

/** @type {Validator} */
function calendarDate(value) {
  const parts = DATE.exec(value)?.groups;
  if (!parts) return false;
  if (parts.year) return exists(Number(parts.year), Number(parts.month), Number(parts.day));
  const last = Number(parts.last);
  const year = last > 99 ? last : 2000 + last;
  const [first, second] = [Number(parts.first), Number(parts.second)];
  return exists(year, first, second) || exists(year, second, first);
}

/**
 * @param {number} year
 * @param {number} month
 * @param {number} day
 */
function exists(year, month, day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** @type {Validator} */
function ipPublic(value) {
  const parts = value.split(".");
  const [a = 0, b = 0, c = 0] = parts.map(Number);
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) < 256)) return false;
  const isSpecial = [0, 10, 127].includes(a) || a >= 224 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254);
  return !isSpecial && !["192.0.2", "198.51.100", "203.0.113"].includes(`${a}.${b}.${c}`);
}

/** @type {Validator} */
function imei(value) {
  const digits = digitsOf(value);
  return digits.length === 15 && variety(digits) > 2 && luhn(digits);
}

/** @type {import("./shared.js").Validators} */
export const TECHNICAL = {
  calendar_date: calendarDate,
  imei,
  ip_public: ipPublic,
  vin,
};
