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

/**
 * Return `text` for the patterns; plain ASCII passes untouched.
 *
 * @param {string} text
 * @returns {View}
 */
export function normalise(text) {
  if (ALL_ASCII.test(text)) return { text, starts: null, ends: null, changed: null, isJoined: false };
  /** @type {string[]} */
  const parts = [];
  /** @type {number[]} */
  const starts = [];
  let position = 0;
  /** Whether an ASCII character stands before, with nothing but marks between: those are dropped. */
  let isMarked = false;
  for (const character of text) {
    const { replacement, isMark } = plain(character);
    if (character <= "\x7f") isMarked = true;
    else if (!isMark) isMarked = false;
    if (!(isMark && isMarked)) {
      parts.push(replacement);
      for (let unit = 0; unit < replacement.length; unit += 1) starts.push(position);
    }
    position += 1;
  }
  const ends = Int32Array.from(starts, (start) => start + 1);
  return { text: parts.join("").replace(TOKEN, latinOnly), starts: Int32Array.from(starts), ends, changed: null, isJoined: false };
}

/** @typedef {{replacement: string, isMark: boolean}} Plain */

/** @type {Map<string, Plain>} */
const known = new Map();

/**
 * Return what stands for one character, and whether it is a mark on the one before.
 *
 * @param {string} character
 * @returns {Plain}
 */
function plain(character) {
  let found = known.get(character);
  if (found === undefined) {
    found = character <= "\x7f" ? { replacement: character, isMark: false } : computed(character);
    if (known.size < 4096) known.set(character, found);
  }
  return found;
}

/**
 * @param {string} character
 * @returns {Plain}
 */
function computed(character) {
  if (DROPPED.test(character)) return { replacement: "", isMark: true };
  return { replacement: replacementOf(character), isMark: MARK.test(character) };
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
