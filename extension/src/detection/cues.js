/** Whether a text may hold something encoded, found in one pass; most texts hold nothing. */

const LEAST_HEX = 12;
const LEAST_SPACED = 5;
const REACH = 5;
const NAMED = /&[a-z]{2,8};/;
const PERCENT = /%[0-9A-Fa-f]{2}/;

const OTHER = 0;
const SMALL = 1;
const CAPITAL = 2;
const SPACER = 4;
const HEX = 8;
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  const hex = /[0-9A-Fa-f]/.test(sign) ? HEX : 0;
  if (/[A-Z]/.test(sign)) return CAPITAL | hex;
  if (/[a-z0-9+/_-]/.test(sign)) return SMALL | hex;
  return /[ :]/.test(sign) ? SPACER : OTHER;
});

/**
 * Return whether `text` holds a mark of an encoding, twelve hexadecimal digits, five pairs of them with a space or
 * colon behind each, or what base64 makes of a value: a capital somewhere behind a small letter or a digit, with
 * five more signs before or behind the two.
 *
 * @param {string} text
 */
export function mayBeEncoded(text) {
  return hasMark(text) || hasRun(text);
}

/** @param {string} text */
const hasMark = (text) => (text.includes("%") && PERCENT.test(text)) || text.includes("\\u") || text.includes("\\x") || (text.includes("&") && (text.includes("&#") || NAMED.test(text)));

/** @param {string} text */
function hasRun(text) {
  let hex = 0;
  let pairs = 0;
  let start = 0;
  /** Where the first capital behind a small letter of this run stands, far off while there is none. */
  let capital = Infinity;
  let before = OTHER;
  for (let place = 0; place < text.length; place += 1) {
    const kind = /** @type {number} */ (KINDS[text.charCodeAt(place)] ?? OTHER);
    if (kind & HEX) {
      hex += 1;
      if (hex >= LEAST_HEX) return true;
    } else {
      pairs = kind === SPACER && hex >= 2 ? (hex === 2 ? pairs : 0) + 1 : 0;
      if (pairs >= LEAST_SPACED) return true;
      hex = 0;
    }
    if (kind & (SMALL | CAPITAL)) {
      if (kind & CAPITAL && before & SMALL) {
        if (place - 1 - start >= REACH) return true;
        if (capital === Infinity) capital = place;
      }
      if (place - capital >= REACH) return true;
    } else {
      start = place + 1;
      capital = Infinity;
    }
    before = kind;
  }
  return false;
}
