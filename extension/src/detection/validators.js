/** Named checks a rule may ask for; the checksum families are written once. */

/** @typedef {(value: string) => boolean} Validator */

/** @param {string} value */
const digitsOf = (value) => value.replace(/[^0-9]/g, "");
/** @param {string} value */
const plainOf = (value) => value.replace(/[^0-9A-Za-z]/g, "");
/** @param {string} value */
const variety = (value) => new Set(value).size;

/**
 * ISO/IEC 7812-1, annex B.
 *
 * @param {string} digits
 */
function luhn(digits) {
  let sum = 0;
  for (let index = digits.length - 1, isDoubled = false; index >= 0; index -= 1, isDoubled = !isDoubled) {
    const digit = digits.charCodeAt(index) - 48;
    sum += isDoubled ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/**
 * @param {string} digits
 * @param {number[]} weights
 */
function weighted(digits, weights) {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);
}

const VERHOEFF_D = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];
const VERHOEFF_P = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];

/** @param {string} digits */
function verhoeff(digits) {
  let check = 0;
  [...digits].reverse().forEach((digit, index) => {
    const permuted = Number(VERHOEFF_P[index % 8]?.[Number(digit)]);
    check = Number(VERHOEFF_D[check]?.[permuted]);
  });
  return check === 0;
}

/**
 * ISO 7064, mod 97-10, over digits and letters as numbers.
 *
 * @param {string} text
 */
function mod97(text) {
  let rest = 0;
  for (const sign of text) {
    const value = parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

const CARD_ISSUER = /^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6011|64[4-9]|65|30[0-5]|3[689]|35(?:2[89]|[3-8])|62|50|5[6-8]|63|67)/;
/** Lengths by country (SWIFT IBAN registry). */
const IBAN_LENGTHS =
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20";

/** @type {Validator} */
function card(value) {
  const digits = digitsOf(value);
  return digits.length >= 12 && digits.length <= 19 && CARD_ISSUER.test(digits) && variety(digits) > 1 && luhn(digits);
}

/** @type {Validator} */
function iban(value) {
  const plain = plainOf(value).toUpperCase();
  const length = IBAN_LENGTHS.match(new RegExp(`${plain.slice(0, 2)}(\\d\\d)`))?.[1];
  return Number(length) === plain.length && mod97(plain.slice(4) + plain.slice(0, 4)) === 1;
}

/**
 * 45 CFR 162.406.
 *
 * @type {Validator}
 */
function npi(value) {
  const digits = digitsOf(value);
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
function aba(value) {
  const digits = digitsOf(value);
  const prefix = Number(digits.slice(0, 2));
  const isPrefix = (prefix > 0 && prefix <= 12) || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80;
  return digits.length === 9 && isPrefix && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

/** @type {Validator} */
function nhs(value) {
  const digits = digitsOf(value);
  return digits.length === 10 && variety(digits) > 1 && weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/**
 * 49 CFR 565.15.
 *
 * @type {Validator}
 */
function vin(value) {
  const upper = value.toUpperCase();
  if (upper.length !== 17 || /[IOQ]/.test(upper) || variety(upper) < 4) return false;
  const letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  const sum = weights.reduce((total, weight, index) => {
    const sign = upper.charAt(index);
    return total + weight * (/[0-9]/.test(sign) ? Number(sign) : Number(numbers[letters.indexOf(sign)]));
  }, 0);
  return upper[8] === (sum % 11 === 10 ? "X" : String(sum % 11));
}

const DATE = /^(?:(?<year>(?:19|20)[0-9]{2})[-/.](?<month>[0-9]{1,2})[-/.](?<day>[0-9]{1,2})|(?<first>[0-9]{1,2})[-/.](?<second>[0-9]{1,2})[-/.](?<last>(?:19|20)?[0-9]{2}))$/;

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
  if (parts.length !== 4 || !parts.every((part) => part.length < 4 && Number(part) < 256)) return false;
  const isSpecial = [0, 10, 127].includes(a) || a >= 224 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254);
  return !isSpecial && !["192.0.2", "198.51.100", "203.0.113"].includes(`${a}.${b}.${c}`);
}

/** @type {Validator} */
function imei(value) {
  const digits = digitsOf(value);
  return digits.length === 15 && variety(digits) > 2 && luhn(digits);
}

/** @type {Validator} */
function aadhaar(value) {
  const digits = digitsOf(value);
  return digits.length === 12 && !/^[01]/.test(digits) && verhoeff(digits);
}

/** @type {Validator} */
function caSin(value) {
  const digits = digitsOf(value);
  return /^[1-79][0-9]{8}$/.test(digits) && luhn(digits);
}

const SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";

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

const ODD = { values: [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23] };

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
  const day = Number([...plain.slice(9, 11)].map((sign) => (/[0-9]/.test(sign) ? sign : "LMNPQRSTUV".indexOf(sign))).join(""));
  const isDay = (day >= 1 && day <= 31) || (day >= 41 && day <= 71);
  return isDay && String.fromCharCode(65 + (sum % 26)) === plain[15];
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

/** @type {Validator} */
function auTfn(value) {
  const digits = digitsOf(value);
  const weights = [1, 4, 3, 7, 5, 8, 6, 9, 10];
  return (digits.length === 8 || digits.length === 9) && weighted(digits, weights.slice(0, digits.length)) % 11 === 0;
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

/** @type {Record<string, Validator>} */
export const VALIDATORS = {
  aadhaar,
  aba,
  au_tfn: auTfn,
  br_cpf: brCpf,
  ca_sin: caSin,
  calendar_date: calendarDate,
  card,
  codice_fiscale: codiceFiscale,
  dea,
  de_tax_id: deTaxId,
  es_dni: esDni,
  es_nie: esNie,
  fr_nir: frNir,
  iban,
  imei,
  ip_public: ipPublic,
  luhn: (value) => digitsOf(value).length > 1 && luhn(digitsOf(value)),
  nhs,
  nl_bsn: nlBsn,
  npi,
  us_itin: usItin,
  us_ssn: usSsn,
  vin,
};
