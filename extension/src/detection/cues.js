/** Whether a text may hold something encoded; most texts hold nothing. */

const NAMED = /&[a-z]{2,8};/;
const PERCENT = /%[0-9A-Fa-f]{2}/;
/** Twelve hexadecimal digits, or five pairs of them with a space or colon behind each. */
const HEX = /[0-9A-Fa-f]{12}|(?:[0-9A-Fa-f]{2}[ :]){5}/;
const LEAST_HEX = 12;
const OF_HEX = Uint8Array.from({ length: 128 }, (_, code) => Number(/[0-9A-Fa-f :]/.test(String.fromCharCode(code))));
/** What base64 makes of a value. Capitals are rare: the search stops at those, and looks back. */
const TURN = /[A-Z](?<=[a-z0-9+/_-][A-Z])(?:(?=[A-Za-z0-9+/_-]{5})|(?<=[A-Za-z0-9+/_-]{5}[a-z0-9+/_-][A-Z]))/;

/**
 * Return whether `text` holds a mark of an encoding, a run of hexadecimal digits, or a capital directly behind a
 * small letter, a digit or a sign of base64, with five more such signs before or behind the two.
 *
 * @param {string} text
 */
export function mayBeEncoded(text) {
  return hasMark(text) || hasHex(text) || TURN.test(text);
}

/** @param {string} text */
const hasMark = (text) => (text.includes("%") && PERCENT.test(text)) || text.includes("\\u") || text.includes("\\x") || (text.includes("&") && (text.includes("&#") || NAMED.test(text)));

/**
 * A run of twelve is met by a look at every twelfth character.
 *
 * @param {string} text
 */
function hasHex(text) {
  for (let place = LEAST_HEX - 1; place < text.length; place += LEAST_HEX) {
    if (!OF_HEX[text.charCodeAt(place)]) continue;
    let first = place;
    while (first > 0 && OF_HEX[text.charCodeAt(first - 1)]) first -= 1;
    while (place < text.length && OF_HEX[text.charCodeAt(place)]) place += 1;
    if (place - first >= LEAST_HEX && HEX.test(text.slice(first, place))) return true;
  }
  return false;
}
