/** Identity, tax and account numbers from Mexico to Argentina. */

import { DIGITS, dated, either, from, isDate, keyed, keyedBackwards, luhnOf, numbered, remains, total, turned } from "./families.js";

/** @typedef {import("./shared.js").Validator} Validator */

const TEN_OR_ELEVEN_IS_NOUGHT = "00987654321";
const CLABE = [3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7];
const CNPJ = { alphabet: "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ" };
const CUI = [3, 2, 7, 6, 5, 4, 3, 2];
const ECUADORIAN = numbered(/(?:0[1-9]|1[0-9]|2[0-4]|30|50)[0-6][0-9]{7}/, luhnOf());

/** @type {Validator} */
function cuNi(plain) {
  const century = plain[6] === "9" ? 1800 : plain.charAt(6) <= "5" ? 1900 : 2000;
  return isDate(century + Number(plain.slice(0, 2)), Number(plain.slice(2, 4)), Number(plain.slice(4, 6)));
}

/**
 * TSE resolution 23.659/2021, art. 36.
 *
 * @type {Validator}
 */
function brTitulo(plain) {
  const nought = /^(?:01|02)$/.test(plain.slice(8, 10)) ? 1 : 0;
  const rests = [total(plain.slice(0, 8), from(2, 9)) % 11, total(plain.slice(8, 11), [7, 8, 9]) % 11];
  return plain.slice(10) === rests.map((rest) => (rest === 10 ? 0 : rest || nought)).join("");
}

/**
 * CONTRAN: the second digit is two less where the first would have been ten.
 *
 * @type {Validator}
 */
function brCnh(plain) {
  const first = total(plain, from(9, 1)) % 11;
  const second = total(plain, from(1, 9)) % 11;
  return plain.slice(9) === `${first % 10}${second === 10 ? 0 : second - (first === 10 ? 2 : 0)}`;
}

/** @type {Validator} */
function ecRuc(plain) {
  const isBranch = plain.slice(-3) !== "000";
  const isPublic = plain.slice(-4) !== "0000" && remains([3, 2, 7, 6, 5, 4, 3, 2, 1], 11)(plain);
  const isNatural = isBranch && ECUADORIAN(plain.slice(0, 10));
  if (plain.charAt(2) < "6") return isNatural;
  if (plain[2] === "6") return isPublic || isNatural;
  return isPublic || (isBranch && remains([4, 3, 2, 7, 6, 5, 4, 3, 2, 1], 11)(plain));
}

/** @type {Validator} */
function svNit(plain) {
  if (plain.slice(10, 13) <= "100") return keyed(from(14, 2), "01234567890")(plain);
  return keyed([2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], TEN_OR_ELEVEN_IS_NOUGHT)(plain);
}

/** @type {Validator} */
const veRif = (plain) => keyed([3, 2, 7, 6, 5, 4, 3, 2], TEN_OR_ELEVEN_IS_NOUGHT, { first: 1, plus: 4 * ("VEJPG".indexOf(plain.charAt(0)) + 1) })(plain);

/** @type {import("./shared.js").Validators} */
export const LATIN_AMERICA = {
  ar_cbu: numbered(/[0-9]{22}/, keyed([7, 1, 3, 9, 7, 1, 3], turned(DIGITS)), keyed([3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3], turned(DIGITS), { first: 8 })),
  ar_cuit: numbered(/(?:2[0347]|3[034]|5[015])[0-9]{9}/, keyed([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], "09987654321")),
  br_cnh: numbered(/(?!([0-9])\1{10})[0-9]{11}/, brCnh),
  br_cnpj: numbered(
    /(?!0{12})(?!(.)\1{13})[0-9A-Z]{12}[0-9]{2}/,
    keyed([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], TEN_OR_ELEVEN_IS_NOUGHT, CNPJ),
    keyed([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], TEN_OR_ELEVEN_IS_NOUGHT, CNPJ),
  ),
  br_cns: numbered(/[12789][0-9]{14}/, remains(from(15, 1), 11)),
  br_pis: numbered(/(?!([0-9])\1{10})[0-9]{11}/, keyed([3, 2, 9, 8, 7, 6, 5, 4, 3, 2], TEN_OR_ELEVEN_IS_NOUGHT)),
  br_titulo: numbered(/[0-9]{8}(?:0[1-9]|1[0-9]|2[0-8])[0-9]{2}/, brTitulo),
  cl_rut: numbered(/[1-9][0-9]{6,7}[0-9K]/, keyedBackwards([9, 8, 7, 6, 5, 4, 9, 8], "0123456789K")),
  co_nit: numbered(/[0-9]{8,16}/, keyedBackwards([3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71], "01987654321")),
  cu_ni: numbered(/[0-9]{11}/, cuNi),
  do_cedula: numbered(/[0-9]{11}/, luhnOf()),
  do_rnc: numbered(/[0-9]{9}/, keyed([7, 9, 8, 6, 5, 4, 3, 2], "21987654321")),
  ec_ci: ECUADORIAN,
  ec_ruc: numbered(/(?:0[1-9]|1[0-9]|2[0-4]|30|50)[0-69][0-9]{10}/, ecRuc),
  gt_nit: numbered(/[0-9]{4,11}[0-9K]/, keyedBackwards(from(2, 12), "0K987654321")),
  mx_clabe: numbered(/[0-9]{18}/, keyed(CLABE, turned(DIGITS))),
  mx_nss: numbered(/[0-9]{11}/, luhnOf()),
  mx_rfc: numbered(/[A-Z]{2,4}[0-9]{6}[1-9A-V][0-9A-Z][0-9A]/, (plain) => dated(0)(plain.slice(-9, -3))),
  pe_cui: numbered(/[0-9]{8}[0-9A-K]/, either(keyed(CUI, "65432110987"), keyed(CUI, "KJIHGFEDCBA"))),
  pe_ruc: numbered(/(?:10|15|17|20)[0-9]{9}/, keyed([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], "10987654321")),
  py_ruc: numbered(/[0-9]{5,9}/, keyedBackwards(from(2, 9), TEN_OR_ELEVEN_IS_NOUGHT)),
  sv_nit: numbered(/[019][0-9]{13}/, svNit),
  uy_ci: numbered(/[1-9][0-9]{7}/, keyed([2, 9, 8, 7, 6, 3, 4], turned(DIGITS))),
  uy_rut: numbered(/(?:0[1-9]|1[0-9]|2[0-2])(?!000000)[0-9]{6}001[0-9]/, keyed([4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], "0?987654321")),
  ve_rif: numbered(/[VEJPG][0-9]{9}/, veRif),
};
