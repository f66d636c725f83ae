/** Identity and tax numbers of Africa. */

import { DIGITS, DIGITS_AND_LETTERS, dated, from, keyed, luhnOf, numbered, remains } from "./families.js";
import { mod97 } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

/** @type {Validator} */
function egNid(plain) {
  const place = Number(plain.slice(7, 9));
  return dated(0, "YYYYMMDD")(`${17 + Number(plain[0])}${plain.slice(1, 7)}`) && ((place >= 1 && place <= 35) || place === 88);
}

/** @type {Validator} */
const ghTin = (plain) => keyed(from(1, 9), `${DIGITS}X`, { first: 1 })(plain);

/** @type {Validator} */
const muNid = (plain) => keyed(from(14, 2), "0GFEDCBA987654321", { alphabet: DIGITS_AND_LETTERS })(plain) && dated(1, "DDMMYY")(plain);

/** @type {Validator} */
const snNinea = (plain) => remains([1, 2, 1, 2, 1, 2, 1, 2, 1], 10)(plain.replace(/[012][A-Z][0-9]$/, "").padStart(9, "0"));

/** @type {import("./shared.js").Validators} */
export const AFRICA = {
  eg_nid: numbered(/[23][0-9]{13}/, egNid),
  gh_tin: numbered(/[PCGQV]00[0-9]{7}[0-9X]/, ghTin),
  gn_nifp: numbered(/[0-9]{9}/, luhnOf()),
  ma_ice: numbered(/[0-9]{15}/, (plain) => mod97(plain) === 0),
  mu_nid: numbered(/[A-Z][0-9]{12}[0-9A-Z]/, muNid),
  mz_nuit: numbered(/[0-9]{9}/, keyed([8, 9, 4, 5, 6, 7, 8, 9], "01234567891")),
  sn_ninea: numbered(/(?:[0-9]{7}|[0-9]{9})(?:[012][A-HJ-NP-WZ][0-9])?/, snNinea),
  za_idnr: numbered(/[0-9]{10}[01][0-9]{2}/, dated(0), luhnOf()),
  za_tin: numbered(/[01239][0-9]{9}/, luhnOf()),
};
