/** Undoes what hides a value from a pattern, character by character. */

/** @typedef {import("./views.js").View} View */

const LOOKALIKES = new Map(
  [..."АВЕКМНОРСТХаеорсухіјѕԁԛԝһԌԍΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναργɡɑ"].map((letter, index) => [letter, "ABEKMHOPCTXaeopcyxijsdqwhGgABEZHIKMNOPTYXovapyga".charAt(index)]),
);
const TOKEN = /[\p{L}\p{N}]+(?:[.-][\p{L}\p{N}]+)*/gu;
const HAS_LATIN = /\p{Script=Latin}/u;
const HAS_LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\u0261\u0251]/u;
const DROPPED = /[\p{Cf}\p{Me}\ufe00-\ufe0f\u034f]/u;
const MARK = /\p{Mn}/u;
const DIGIT = /\p{Nd}/u;
const SPACE = /\p{Zs}/u;
const DASH = /\p{Pd}/u;
const SURROGATE = /\p{Cs}/u;
const NOT_ASCII = /[^\0-\x7f]/;
/** Says yes in half the time that the other takes to say no. */
const ALL_ASCII = /^[\0-\x7f]*$/;
const ASCII = 128;
/** A character may stand for eighteen. */
const SPARE = 64;
const MOST_KNOWN = 4096;

/**
 * Return `text` for the patterns; what is plain already, as ASCII is, passes untouched.
 *
 * @param {string} text
 * @returns {View}
 */
export function normalise(text) {
  if (ALL_ASCII.test(text)) return untouched(text);
  /** @type {string[]} */
  const parts = [];
  let starts = new Int32Array(text.length + SPARE);
  let length = 0;
  let position = 0;
  /** Where what was not copied yet begins. */
  let first = 0;
  /** Whether an ASCII character stands before, with nothing but marks between: those are dropped. */
  let isMarked = false;
  let hasLookalike = false;
  let isPlain = true;
  for (let place = 0; place < text.length; position += 1) {
    const code = text.charCodeAt(place);
    if (code < ASCII) {
      isMarked = true;
      starts[length] = position;
      length += 1;
      place += 1;
      continue;
    }
    const point = /** @type {number} */ (text.codePointAt(place));
    const units = point > code ? 2 : 1;
    const { replacement, isMark, isItself, isLookalike } = plain(point);
    if (!isMark) isMarked = false;
    hasLookalike ||= isLookalike;
    const put = isMark && isMarked ? "" : replacement;
    if (!isItself || put !== replacement) {
      parts.push(text.slice(first, place), put);
      first = place + units;
      isPlain = false;
    }
    if (length + put.length + text.length - place > starts.length) starts = longer(starts);
    for (let unit = 0; unit < put.length; unit += 1) starts[length + unit] = position;
    length += put.length;
    place += units;
    if (units > 1) isPlain = false;
  }
  parts.push(text.slice(first));
  const kept = parts.join("");
  const read = hasLookalike ? kept.replace(TOKEN, latinOnly) : kept;
  if (isPlain && read === text) return untouched(text);
  const ends = new Int32Array(length);
  for (let place = 0; place < length; place += 1) ends[place] = /** @type {number} */ (starts[place]) + 1;
  return { text: read, starts: starts.subarray(0, length), ends, changed: null, isJoined: false };
}

/**
 * @param {string} text
 * @returns {View}
 */
const untouched = (text) => ({ text, starts: null, ends: null, changed: null, isJoined: false });

/** @param {Int32Array} starts */
function longer(starts) {
  const made = new Int32Array(2 * starts.length);
  made.set(starts);
  return made;
}

/** @typedef {{replacement: string, isMark: boolean, isItself: boolean, isLookalike: boolean}} Plain */

/** By code point. @type {Map<number, Plain>} */
const known = new Map();

/**
 * Return what stands for one character beyond ASCII, and whether it is a mark on the one before.
 *
 * @param {number} point
 * @returns {Plain}
 */
function plain(point) {
  let found = known.get(point);
  if (found === undefined) {
    const character = String.fromCodePoint(point);
    const isDropped = DROPPED.test(character);
    const replacement = isDropped ? "" : replacementOf(character);
    found = { replacement, isMark: isDropped || MARK.test(character), isItself: replacement === character, isLookalike: HAS_LOOKALIKE.test(replacement) };
    if (known.size < MOST_KNOWN) known.set(point, found);
  }
  return found;
}

/** @param {string} character */
function replacementOf(character) {
  if (DIGIT.test(character)) return decimal(character);
  if (SPACE.test(character)) return " ";
  if (DASH.test(character)) return "-";
  if (SURROGATE.test(character)) return "\ufffd";
  return character.normalize("NFKC");
}

/**
 * Decimal digits stand in runs of ten from zero, some directly behind another (The Unicode
 * Standard, section 4.6).
 *
 * @param {string} character
 */
function decimal(character) {
  const code = /** @type {number} */ (character.codePointAt(0));
  let first = code;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** @param {string} word */
function latinOnly(word) {
  if (!HAS_LOOKALIKE.test(word)) return word;
  let replaced = "";
  for (const letter of word) replaced += LOOKALIKES.get(letter) ?? letter;
  if (HAS_LATIN.test(word)) return replaced;
  return !NOT_ASCII.test(replaced) && /[0-9]/.test(word) ? replaced : word;
}

/**
 * Return `text` in lower case with the same length, so that positions stay.
 *
 * @param {string} text
 */
export function folded(text) {
  const lowered = text.toLowerCase();
  if (lowered.length === text.length) return lowered;
  let kept = "";
  for (const letter of text) {
    const low = letter.toLowerCase();
    kept += low.length === letter.length ? low : letter;
  }
  return kept;
}
