/** Identity, tax and company numbers from Turkey's neighbours to Japan. */

import { DIGITS, DIGITS_AND_LETTERS, dated, either, from, isDate, keyed, luhnOf, numbered, total, turned } from "./families.js";
import { verhoeff } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

const USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/** @type {Record<string, [number, string]>} */
const NRIC = { S: [0, "JZIHGFEDCBA"], T: [4, "JZIHGFEDCBA"], F: [0, "XWUTRQPNMLK"], G: [4, "XWUTRQPNMLK"], M: [3, "XWUTRQPNJLK"] };
const UEN = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
const UEN_TYPES = /^...(?:C[CDHLMPSX]|DP|F[BCMN]|G[ABS]|HS|L[LP]|M[BCDHMQ]|N[BR]|P[ABF]|RF|S[MS]|T[CU]|VH|XL)/;
const RRN = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/** @type {Validator} */
const cnRic = (plain) => keyed([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], "10X98765432")(plain) && dated(6, "YYYYMMDD")(plain);

/** @type {Validator} */
function hkHkid(plain) {
  const padded = plain.padStart(9, " ");
  const alphabet = `${DIGITS_AND_LETTERS} `;
  return (total(padded, from(9, 2), alphabet) + alphabet.indexOf(padded.charAt(8))) % 11 === 0;
}

/** @type {Validator} */
const jpCn = (plain) => keyed([2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], "987654321")(plain.slice(1) + plain.charAt(0));

/** @type {Validator} */
function krPlace(plain) {
  /** @type {Record<string, number>} */
  const centuries = { 1: 19, 2: 19, 5: 19, 6: 19, 3: 20, 4: 20, 7: 20, 8: 20 };
  const year = (centuries[plain.charAt(6)] ?? 18) * 100 + Number(plain.slice(0, 2));
  return Number(plain.slice(7, 9)) <= 96 && isDate(year, Number(plain.slice(2, 4)), Number(plain.slice(4, 6)));
}

/** @type {Validator} */
function krBrn(plain) {
  const sum = total(plain, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((Number(plain[8]) * 5) / 10);
  return plain[9] === turned(DIGITS)[sum % 10];
}

/** @type {Validator} */
function kzIin(plain) {
  const first = total(plain, from(1, 11)) % 11;
  return plain[11] === String(first < 10 ? first : total(plain, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11);
}

/** @type {Validator} */
function lkNic(plain) {
  const day = Number(plain.length === 10 ? plain.slice(2, 5) : plain.slice(4, 7));
  const actual = day > 500 ? day - 500 : day;
  return actual >= 1 && actual <= 366;
}

/** @type {Validator} */
function sgNric(plain) {
  const [plus, key] = NRIC[plain.charAt(0)] ?? [0, "?"];
  return keyed([2, 7, 6, 5, 4, 3, 2], key, { first: 1, plus })(plain);
}

/** @type {Validator} */
function sgUen(plain) {
  const year = String(new Date().getFullYear());
  if (plain.length === 9) return keyed([10, 4, 9, 3, 8, 2, 7, 1], "XMKECAWLJDB")(plain);
  if (/^[0-9]/.test(plain)) return plain.slice(0, 4) <= year && keyed([10, 8, 6, 4, 9, 7, 5, 3, 1], "ZKCMDNERGWH")(plain);
  const isBorn = !plain.startsWith("T") || plain.slice(1, 3) <= year.slice(2);
  const check = (total(plain, [4, 3, 5, 3, 10, 2, 2, 5, 7], UEN) + 6) % 11;
  return isBorn && UEN_TYPES.test(plain) && plain[9] === UEN[check];
}

/** @type {Validator} */
function twId(plain) {
  const letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(plain.charAt(0)) + 10;
  return (Math.floor(letter / 10) + total(`${letter % 10}${plain.slice(1)}`, [9, 8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 === 0;
}

/** @type {Validator} */
function twUbn(plain) {
  const products = [1, 2, 1, 2, 1, 2, 4, 1].map((weight, index) => weight * Number(plain[index]));
  const rest = products.reduce((sum, product) => sum + Math.floor(product / 10) + (product % 10), 0) % 10;
  return rest === 0 || (rest === 9 && plain[6] === "7");
}

/** @type {import("./shared.js").Validators} */
export const ASIA = {
  ae_emirates_id: numbered(/784(?:19|20)[0-9]{10}/, luhnOf()),
  cn_ric: numbered(/[1-8][0-9]{16}[0-9X]/, cnRic),
  cn_uscc: numbered(/[0-9]{8}[0-9A-HJ-NP-RTUW-Y]{10}/, keyed([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28], turned(USCC), { alphabet: USCC })),
  hk_hkid: numbered(/[A-Z]{1,2}[0-9]{6}[0-9A]/, hkHkid),
  id_nik: numbered(/(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])[0-9]{14}/, dated(6, "DDMMYY", 40)),
  id_npwp: either(numbered(/[0-9]{15}/, luhnOf(0, 9)), numbered(/0[0-9]{15}/, luhnOf(0, 10))),
  il_hp: numbered(/5[0-9]{8}/, luhnOf()),
  il_idnr: numbered(/(?!0{8})[0-9]{8,9}/, luhnOf()),
  in_epic: numbered(/[A-Z]{3}[0-9]{7}/, luhnOf(3)),
  in_gstin: numbered(/(?:0[1-9]|[12][0-9]|3[0-7])[A-Z]{3}[ABCFGHJKLPT][A-Z](?!0000)[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]/, luhnOf(0, undefined, DIGITS_AND_LETTERS)),
  in_vid: numbered(/[2-9][0-9]{15}/, verhoeff),
  ir_national: numbered(/(?!([0-9])\1{9})[0-9]{10}/, keyed(from(10, 2), "01987654321")),
  jp_cn: numbered(/[1-9][0-9]{12}/, jpCn),
  jp_in: numbered(/[0-9]{12}/, keyed([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], "00987654321")),
  kr_brn: numbered(/[1-9][0-9]{9}/, krBrn),
  kr_frn: numbered(/[0-9]{6}[5-8][0-9]{6}/, dated(0), keyed(RRN, "32109876543")),
  kr_rrn: numbered(/[0-9]{13}/, krPlace, keyed(RRN, "10987654321")),
  kw_civil_id: numbered(/[23][0-9]{11}/, dated(1), keyed([2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], "??987654321")),
  kz_iin: numbered(/[0-9]{6}[0-6][0-9]{5}/, dated(0), kzIin),
  lk_nic: numbered(/[0-9]{9}[VX]|(?:19|20)[0-9]{10}/, lkNic),
  my_nric: numbered(/[0-9]{6}(?:0[1-9]|1[0-6]|2[1-9]|[345][0-9]|6[0-8]|7[124-9]|8[2-9]|9[01239])[0-9]{4}/, dated(0)),
  sa_id: numbered(/[12][0-9]{9}/, luhnOf()),
  sg_nric: numbered(/[STFGM][0-9]{7}[A-Z]/, sgNric),
  sg_uen: numbered(/[0-9]{8,9}[A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]/, sgUen),
  th_tin: numbered(/[0-8][0-9]{12}/, keyed(from(13, 2), "10987654321")),
  tw_id: numbered(/[A-Z][1289][0-9]{8}/, twId),
  tw_ubn: numbered(/[0-9]{8}/, twUbn),
  vn_mst: numbered(/[0-9]{2}(?!0{7})[0-9]{8}(?:(?!000)[0-9]{3})?/, keyed([31, 29, 23, 19, 17, 13, 7, 5, 3], "?9876543210")),
};
