/** Cards, accounts and other numbers of money. */

import { digitsOf, luhn, mod97, plainOf, variety, weighted } from "./shared.js";

/** @typedef {import("./shared.js").Validator} Validator */

const CARD_ISSUER = /^(?:4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6011|64[4-9]|65|30[0-5]|3[689]|35(?:2[89]|[3-8])|62|50|5[6-8]|63|67)/;
/** What stands behind country and check digits: numbers of n digits, a letters, c either (IBAN registry, SWIFT). */
const BBAN =
  "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT24c HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD20c ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c";
/** @type {Map<string, RegExp>} */
const BBANS = new Map(BBAN.split(" ").map((entry) => [entry.slice(0, 2), bban(entry.slice(2))]));

/** @param {string} structure */
function bban(structure) {
  const signs = structure.replace(/([0-9]+)([nac])/g, (_, count, kind) => `[${{ n: "0-9", a: "A-Z", c: "A-Z0-9" }[/** @type {"n" | "a" | "c"} */ (kind)]}]{${count}}`);
  return new RegExp(`^${signs}$`);
}

/** @type {Validator} */
function card(value) {
  const digits = digitsOf(value);
  return digits.length >= 12 && digits.length <= 19 && CARD_ISSUER.test(digits) && variety(digits) > 1 && luhn(digits);
}

/**
 * ISO 13616-1: structure of the country, and ISO 7064 mod 97-10.
 *
 * @type {Validator}
 */
function iban(value) {
  const plain = plainOf(value);
  return BBANS.get(plain.slice(0, 2))?.test(plain.slice(4)) === true && /^[0-9]{2}$/.test(plain.slice(2, 4)) && mod97(plain.slice(4) + plain.slice(0, 4)) === 1;
}

/** @type {Validator} */
function aba(value) {
  const digits = digitsOf(value);
  const prefix = Number(digits.slice(0, 2));
  const isPrefix = (prefix > 0 && prefix <= 12) || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80;
  return digits.length === 9 && isPrefix && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

/** @type {import("./shared.js").Validators} */
export const FINANCE = {
  aba,
  card,
  iban,
  luhn: (value) => digitsOf(value).length > 1 && luhn(digitsOf(value)),
};
