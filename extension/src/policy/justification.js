/** Why somebody has to send what the policy stops; the twin of backend/policy/justification.py. */

export const CATEGORIES = ["treatment", "operations", "legal", "public_data", "synthetic_data", "consent", "other"];
export const LONGEST = 500;
const LEAST_LETTERS = 10;
const LEAST_DIFFERENT = 5;
const LEAST_WORDS = 2;
const LONGEST_RUN = /(\p{L})\1{3}/u;
const ROWS = ["asdf", "sdfg", "qwer", "wert", "yxcv", "zxcv", "hjkl", "azer", "qsdf", "uiop"];
/** Thai, Lao, Japanese, Chinese, Korean: a sign says more, and there may be no spaces. */
const DENSE = /[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const DENSE_WEIGHT = 3;

/**
 * Return whether words say nothing: too few, the same again, a row of the keyboard.
 *
 * @param {string} words
 */
export function isLowEffort(words) {
  const lowered = words.toLowerCase();
  const letters = lowered.match(/\p{L}/gu) ?? [];
  const dense = letters.filter((letter) => DENSE.test(letter)).length;
  if (letters.length + dense * (DENSE_WEIGHT - 1) < LEAST_LETTERS) return true;
  if (new Set(letters).size < LEAST_DIFFERENT || ROWS.some((row) => lowered.includes(row))) return true;
  if (LONGEST_RUN.test(letters.join(""))) return true;
  return !dense && new Set(lowered.match(/\p{L}+/gu)).size < LEAST_WORDS;
}
