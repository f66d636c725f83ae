/** Tax, health and company numbers of Canada and the United States. */

import { dated, keyed, luhnOf, numbered } from "./families.js";

/** @typedef {import("./shared.js").Validator} Validator */

const EIN = /(?:0[1-6]|1[0-6]|2[0-7]|3[0-9]|4[0-8]|5[0-9]|6[0-8]|7[1-7]|8[0-8]|9[0-58-9])[0-9]{7}/;

/**
 * Women's months have 50 on top.
 *
 * @type {Validator}
 */
function caRamq(plain) {
  const month = Number(plain.slice(6, 8));
  return dated(0)(plain.slice(4, 6) + String(month > 50 ? month - 50 : month).padStart(2, "0") + plain.slice(8, 10));
}

/** @type {import("./shared.js").Validators} */
export const NORTH_AMERICA = {
  ca_bc_phn: numbered(/9[0-9]{9}/, keyed([2, 4, 8, 5, 10, 9, 7, 3], "0?987654321", { first: 1 })),
  ca_bn: numbered(/[0-9]{9}(?:R[CMPT][0-9]{4})?/, luhnOf(0, 9)),
  ca_ohip: numbered(/[1-9][0-9]{9}(?:[A-Z]{2})?/, luhnOf(0, 10)),
  ca_ramq: numbered(/[A-Z]{4}[0-9]{8}/, caRamq),
  us_ein: numbered(EIN),
};
