/** Whether what has a rule's shape is a finding: checksum, randomness, stop words, context. */

import { bitsPerCharacter } from "./entropy.js";
import { isNamedHarmless } from "./harmless.js";
import { isOneMore, LEAST_VALUE } from "./naming.js";
import { folded } from "./normalise.js";
import { bitsPerPair, holdsASequence } from "./randomness.js";
import { mayStandAlone, wantsWords } from "./rulebook.js";
import { stopWordsOf } from "./stopping.js";
import { VALIDATORS } from "./validators.js";
import { isNews, original } from "./views.js";

/** @typedef {import("./finding.js").Finding} Finding */
/** @typedef {import("./rulebook.js").Rule} Rule */
/** @typedef {import("./views.js").View} View */
/** @typedef {import("./context.js").Words} Words */
/** @typedef {{matchStart: number, matchEnd: number, start: number, end: number, sureness?: number}} Candidate */
/** @typedef {{view: View, text: string, words: Words, parts: Words, where: import("./where.js").Where, marked: () => import("./model/tagger.js").Tagged[]}} Reading `parts` may also be a part of a name. */
/** @typedef {{rule: Rule, limits: () => import("./shapes.js").Limits, candidates: (reading: Reading) => Iterable<Candidate>}} Recognizer */

export const LEAST_CONFIDENCE = 0.5;
/** Thousandths. */
const LESS_ALONE = 400;
/** Where a word names a value, the next ones of a list have the same name. */
const NAMING = new Set(["label", "word"]);
/** Values of a list are about as long as each other, but for those that have a checksum. */
const MOST_LONGER = 3;
/** More than any signs between two values of a list. */
const MOST_BETWEEN = 48;
export const LONGEST_ALONE = 64;
const AROUND = new Set([..." \t\n\"'`.,;:()[]{}<>*_~|!?#=-"]);

/**
 * Yield what `recognizer` finds in one view of a text, in code points of the original.
 *
 * @param {Recognizer} recognizer
 * @param {Reading} reading
 * @returns {Generator<Finding>}
 */
export function* verified(recognizer, reading) {
  const { rule } = recognizer;
  const { view } = reading;
  const words = rule.context.edges === "parts" ? reading.parts : reading.words;
  const mayBeAlone = mayStandAlone(rule) && words.points(view.text.length) <= LONGEST_ALONE;
  if (!mayBeAlone && wantsWords(rule) && !words.hasAny(rule.context.words)) return;
  const candidates = [...recognizer.candidates(reading)];
  const isAlone = mayBeAlone && areAllThereIs(view.text, candidates);
  /** @type {Candidate | null} */
  let last = null;
  /** @type {string | null} */
  let named = null;
  for (const candidate of candidates) {
    if (!isNews(view, candidate.start, candidate.end)) continue;
    if (!isPlausible(rule, view.text.slice(candidate.start, candidate.end))) continue;
    let [word, confidence] = sureness(rule, words, candidate, isAlone);
    if (confidence < LEAST_CONFIDENCE && last && isListed(rule, last, candidate, view.text, words)) [word, confidence] = [named, rule.confidence_with_context];
    if (confidence < LEAST_CONFIDENCE) continue;
    if (rule.context.need === "before" && isNamedHarmless(view.text, candidate.start)) continue;
    if (word !== null && NAMING.has(rule.context.need)) [last, named] = [candidate, word];
    const [start, end] = original(view, candidate.start, candidate.end);
    yield {
      rule: rule.id,
      type: rule.type,
      category: rule.category,
      family: rule.family,
      severity: rule.severity,
      start,
      end,
      confidence,
      context: word,
      validator: rule.validator,
      tie: word === null ? "near" : tieOf(rule, words, candidate),
    };
  }
}

/**
 * Return whether a value is in a list with the last one that was named, and in no table.
 *
 * @param {Rule} rule
 * @param {Candidate} last
 * @param {Candidate} candidate
 * @param {string} text
 * @param {Words} words
 */
function isListed({ validator }, last, candidate, text, { points, columns }) {
  const length = (/** @type {Candidate} */ { start, end }) => points(end) - points(start);
  if (candidate.matchStart - last.matchEnd > MOST_BETWEEN) return false;
  const isAsLong = () => validator !== null || Math.abs(length(last) - length(candidate)) <= MOST_LONGER;
  return isOneMore(text.slice(last.matchEnd, candidate.matchStart).toLowerCase(), isAsLong) && !columns.head(candidate.matchStart);
}

/**
 * @param {Rule} rule
 * @param {Words} known
 * @param {Candidate} candidate
 */
function tieOf({ context: { need, words, within } }, known, { matchStart, matchEnd }) {
  if (need === "label" || known.label(words, matchStart) !== null || known.behind(words, matchEnd) !== null) return "label";
  return known.before(words, matchStart, within) === null ? "behind" : "near";
}

/**
 * @param {Rule} rule
 * @param {string} value
 */
function isPlausible(rule, value) {
  if (rule.validator !== null && !VALIDATORS[rule.validator]?.(value)) return false;
  if (rule.entropy !== null && bitsPerCharacter(value) < rule.entropy) return false;
  if (rule.randomness !== null && (bitsPerPair(value) < rule.randomness || holdsASequence(value))) return false;
  return !rule.stop_words.length || !stopWordsOf(rule).standIn(folded(value));
}

/**
 * Return the word of the rule that counts, and how sure the rule is with or without it.
 *
 * @param {Rule} rule
 * @param {Words} words
 * @param {Candidate} candidate
 * @param {boolean} isAlone
 * @returns {[string | null, number]}
 */
function sureness(rule, words, candidate, isAlone) {
  if (candidate.sureness !== undefined) return [null, candidate.sureness];
  const wanted = rule.context;
  const word = wordOf(rule, words, candidate);
  if (word !== null) return [word, rule.confidence_with_context];
  if (wanted.need === "none") return [null, rule.confidence];
  if (rule.company) return [null, LEAST_CONFIDENCE];
  return [null, isAlone ? alone(rule.confidence_with_context) : 0];
}

/**
 * Return how sure a rule is that wants a word and has none but its value. A number alone may be many
 * things: those that need no word come first.
 *
 * @param {number} confidence
 */
function alone(confidence) {
  return Math.max(LEAST_CONFIDENCE, Math.round(confidence * 1000 - LESS_ALONE) / 1000);
}

/**
 * @param {Rule} rule
 * @param {Words} known
 * @param {Candidate} candidate
 */
function wordOf(rule, known, candidate) {
  const { need, words } = rule.context;
  const word = wordBeside(rule, known, candidate);
  const isHeaded = need === "label" || (need !== "before" && rule.family !== "date");
  return word === null && isHeaded ? known.heading(words, candidate.matchStart) : word;
}

/**
 * @param {Rule} rule
 * @param {Words} known
 * @param {Candidate} candidate
 */
function wordBeside({ context: { need, words, within } }, known, { matchStart, matchEnd, start, end }) {
  if (need === "label") {
    const word = known.label(words, matchStart);
    const { points } = known;
    if (word !== null || points(end) - points(start) < LEAST_VALUE) return word;
    return known.loosely(words, matchStart) ?? known.behind(words, matchEnd);
  }
  return need === "before" ? known.before(words, matchStart, within) : known.near(words, matchStart, matchEnd, within);
}

/**
 * Return whether a text is such values and nothing else but space and signs around them.
 *
 * @param {string} text
 * @param {Candidate[]} candidates
 */
function areAllThereIs(text, candidates) {
  let position = 0;
  for (const { matchStart, matchEnd } of candidates) {
    if (!isAround(text.slice(position, matchStart))) return false;
    position = matchEnd;
  }
  return isAround(text.slice(position));
}

/** @param {string} text */
const isAround = (text) => [...text].every((sign) => AROUND.has(sign));
