/** Undoes what hides a value from a pattern, and remembers where each character came from. */

const LOOKALIKES = new Map(
  [..."АВЕКМНОРСТХаеорсухіјѕԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναρ"].map((letter, index) => [letter, "ABEKMHOPCTXaeopcyxijsdqwABEZHIKMNOPTYXovap".charAt(index)]),
);
const TOKEN = /[\p{L}\p{N}]+/gu;
const HAS_LATIN = /\p{Script=Latin}/u;
const HAS_LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;
const DROPPED = /[\p{Cf}\ufe00-\ufe0f\u034f]/u;
const DIGIT = /\p{Nd}/u;
const SPACE = /\p{Zs}/u;
const DASH = /\p{Pd}/u;
const SURROGATE = /\p{Cs}/u;
const NOT_ASCII = /[^\0-\x7f]/;

/**
 * Text as the patterns see it; `origins[i]` is the code point its UTF-16 unit i came from.
 *
 * @typedef {{text: string, origins: Int32Array | null}} Normalised
 */

/**
 * Return `text` for the patterns; plain ASCII passes untouched.
 *
 * @param {string} text
 * @returns {Normalised}
 */
export function normalise(text) {
  if (!NOT_ASCII.test(text)) return { text, origins: null };
  /** @type {string[]} */
  const parts = [];
  /** @type {number[]} */
  const origins = [];
  let position = 0;
  for (const character of text) {
    const replacement = plain(character);
    parts.push(replacement);
    for (let unit = 0; unit < replacement.length; unit += 1) origins.push(position);
    position += 1;
  }
  return { text: parts.join("").replace(TOKEN, latinOnly), origins: Int32Array.from(origins) };
}

/** @type {Map<string, string>} */
const known = new Map();

/** @param {string} character */
function plain(character) {
  if (character <= "\x7f") return character;
  let found = known.get(character);
  if (found === undefined) {
    found = computed(character);
    if (known.size < 4096) known.set(character, found);
  }
  return found;
}

/** @param {string} character */
function computed(character) {
  if (DROPPED.test(character)) return "";
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
  if (!HAS_LATIN.test(word) && !/[0-9]/.test(word)) return word;
  let replaced = "";
  for (const letter of word) replaced += LOOKALIKES.get(letter) ?? letter;
  return replaced;
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
