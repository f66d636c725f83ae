/** Numbers of international standards: securities, books, ships, containers, organisations. */

import { DIGITS, DIGITS_AND_LETTERS, either, from, keyed, luhnOf, numbered, remains, total, turned } from "./families.js";
import { mod97 } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/** ISO 3166-1, and what each standard reserves beside it. */
const COUNTRIES =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";
const OF_SECURITIES = new Set([...COUNTRIES.split(" "), ..."AN CS EU QS QT XA XB XC XD XF XK XS".split(" ")]);
const OF_RECORDINGS = new Set([...COUNTRIES.split(" "), ..."AN BC BK BP BX CB CP CS DG FX GX KS QM QN QT QZ UK XK YU ZB ZZ".split(" ")]);

/**
 * ISO/IEC 7064, mod 37,36.
 *
 * @type {Validator}
 */
function mod3736(plain) {
  let check = 18;
  for (const sign of plain) check = (((check || 36) * 2) % 37 + DIGITS_AND_LETTERS.indexOf(sign)) % 36;
  return check === 1;
}

/** @type {Validator} */
const ean = (plain) => remains([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], 10)(backwards(plain));

/** @param {string} plain */
const backwards = (plain) => [...plain].reverse().join("");

/** @param {string} plain */
const spelled = (plain) => [...plain].map((sign) => DIGITS_AND_LETTERS.indexOf(sign)).join("");

/**
 * Every second sign, counted from the first, twice, and the digits of all products added up.
 *
 * @type {Validator}
 */
function doubled(plain) {
  const products = [...plain.slice(0, -1)].map((sign, index) => String(DIGITS_AND_LETTERS.indexOf(sign) * (1 + (index % 2)))).join("");
  return plain.slice(-1) === turned(DIGITS)[[...products].reduce((sum, digit) => sum + Number(digit), 0) % 10];
}

/** @type {Validator} */
function isan(plain) {
  const [root, episode, version] = [plain.slice(0, 16), plain.slice(16, 17), plain.slice(17)];
  return mod3736(root + episode) && (!version || mod3736(root + version));
}

/** @type {Validator} */
const iso6346 = (plain) => keyed([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], "01234567890", { alphabet: "0123456789A BCDEFGHIJK LMNOPQRSTU VWXYZ" })(plain);

/** @type {Validator} */
function ups(plain) {
  const sum = [...plain.slice(2, 17)].reduce((before, sign, index) => before + (1 + (index % 2)) * (/[0-9]/.test(sign) ? Number(sign) : (sign.charCodeAt(0) - 63) % 10), 0);
  return plain[17] === turned(DIGITS)[sum % 10];
}

const FIRST_TEN_UP = from(1, 9);

/** @type {import("./shared.js").Validators} */
export const STANDARDS = {
  casrn: numbered(/[1-9][0-9]{4,9}/, (plain) => total(backwards(plain.slice(0, -1)), FIRST_TEN_UP) % 10 === Number(plain.slice(-1))),
  cusip: numbered(/[0-9A-Z]{9}/, doubled),
  ean: numbered(/[0-9]{8}|[0-9]{12,14}/, ean),
  figi: numbered(/(?!BS|BM|GG|GB|VG)[B-DF-HJ-NP-TV-Z]{2}G[0-9B-DF-HJ-NP-TV-Z]{8}[0-9]/, doubled),
  grid: numbered(/A1[0-9A-Z]{16}/, mod3736),
  iccid: numbered(/89[0-9]{17,18}/, luhnOf()),
  imo: numbered(/(?:IMO)?[0-9]{7}/, (plain) => keyed(from(7, 2), DIGITS)(plain.slice(-7))),
  isan: numbered(/[0-9A-F]{16}[0-9A-Z](?:[0-9A-F]{8}[0-9A-Z])?/, isan),
  isbn: either(numbered(/[0-9]{9}[0-9X]/, keyed(FIRST_TEN_UP, `${DIGITS}X`)), numbered(/97[89][0-9]{10}/, ean)),
  isin: numbered(/[A-Z]{2}[0-9A-Z]{9}[0-9]/, (plain) => OF_SECURITIES.has(plain.slice(0, 2)) && luhnOf()(spelled(plain))),
  ismn: numbered(/(?:M|9790)[0-9]{9}/, (plain) => ean(plain.replace("M", "9790"))),
  isni: numbered(/[0-9]{15}[0-9X]/, keyed([10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], "10X98765432")),
  iso11649: numbered(/RF[0-9]{2}[0-9A-Z]{1,21}/, (plain) => mod97(plain.slice(4) + plain.slice(0, 4)) === 1),
  iso6346: numbered(/[A-Z]{3}[UJZR][0-9]{7}/, iso6346),
  isrc: numbered(/[A-Z]{2}[0-9A-Z]{3}[0-9]{7}/, (plain) => OF_RECORDINGS.has(plain.slice(0, 2))),
  issn: numbered(/[0-9]{7}[0-9X]/, keyed(from(8, 2), "0X987654321")),
  lei: numbered(/[0-9A-Z]{18}[0-9]{2}/, (plain) => mod97(plain) === 1),
  s10: numbered(/[A-Z]{2}[0-9]{9}[A-Z]{2}/, keyed([8, 6, 4, 2, 3, 5, 9, 7], "50987654321", { first: 2 })),
  sedol: numbered(/[0-9B-DF-HJ-NP-TV-Z]{6}[0-9]/, keyed([1, 3, 1, 7, 3, 9], turned(DIGITS), { alphabet: DIGITS_AND_LETTERS })),
  udi: numbered(/01[0-9]{14}[0-9A-Z]*/, (plain) => ean(plain.slice(2, 16))),
  ups: numbered(/1Z[0-9A-Z]{15}[0-9]/, ups),
  usps: numbered(/[0-9]{20}|[0-9]{22}/, (plain) => remains([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], 10)(backwards(plain))),
};
