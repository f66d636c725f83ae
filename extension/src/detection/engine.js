/** The detector: one pass for literals, then only the rules that can match, each verified. */

import { Automaton } from "./automaton.js";
import { isWholeWord, Words } from "./context.js";
import { bitsPerCharacter } from "./entropy.js";
import { longestRun } from "./gates.js";
import { folded, normalise } from "./normalise.js";
import { patternRecognizer } from "./recognizers/pattern.js";
import { phoneRecognizer } from "./recognizers/phone.js";
import { gate } from "./rulebook.js";
import { toCodePoints, windowAround, withoutOverlaps } from "./spans.js";
import { VALIDATORS } from "./validators.js";

/** @typedef {import("./finding.js").Finding} Finding */
/** @typedef {import("./rulebook.js").Rule} Rule */
/** @typedef {import("./rulebook.js").Rulebook} Rulebook */
/** @typedef {{matchStart: number, matchEnd: number, start: number, end: number}} Candidate */
/** @typedef {{text: string, words: Words}} Reading */
/** @typedef {{rule: Rule, candidates: (reading: Reading) => Iterable<Candidate>}} Recognizer */

const LEAST_CONFIDENCE = 0.5;
/** Up to this many UTF-16 units a whole text is as quick as a part of it. */
const WHOLE_LENGTH = 2048;

export class Detector {
  /** @param {Rulebook} rulebook */
  constructor(rulebook) {
    this.version = rulebook.version;
    /** @type {Recognizer[]} */
    this.recognizers = rulebook.rules.map((rule) => (rule.recognizer === "phone" ? phoneRecognizer(rule) : patternRecognizer(rule)));
    /** @type {Map<string, number[]>} */
    const gates = new Map();
    this.contextWords = new Set(rulebook.rules.flatMap((rule) => rule.context.words));
    /** @type {number[]} */
    this.ungated = [];
    rulebook.rules.forEach((rule, number) => {
      const literals = gate(rule);
      if (!literals.length) this.ungated.push(number);
      for (const literal of literals) gates.set(literal, [...(gates.get(literal) ?? []), number]);
    });
    const literals = [...new Set([...this.contextWords, ...gates.keys()])];
    this.opened = literals.map((literal) => gates.get(literal) ?? []);
    this.isContext = literals.map((literal) => this.contextWords.has(literal));
    this.automaton = new Automaton(literals);
  }

  /**
   * Return what the rulebook finds in `text`, without overlaps, in text order, in code points.
   *
   * @param {string} text
   * @returns {Finding[]}
   */
  detect(text) {
    const normalised = normalise(text);
    const plain = folded(normalised.text);
    const { opened, places } = this.#prefilter(plain);
    if (!opened.length) return [];
    const reading = { text: normalised.text, words: new Words(plain, places) };
    const place = placing(normalised.origins);
    /** @type {Finding[]} */
    const found = [];
    for (const number of opened) this.#apply(/** @type {Recognizer} */ (this.recognizers[number]), reading, place, found);
    return withoutOverlaps(found);
  }

  /**
   * Look again after a change: at all of a short text, else only around [from, to) in UTF-16 units.
   * For a hint while typing; what is sent is judged by `detect`.
   *
   * @param {string} text
   * @param {number} from
   * @param {number} to
   * @returns {{start: number, end: number, findings: Finding[]}} Code points; findings outside it stay as they were.
   */
  detectWindow(text, from, to) {
    const points = toCodePoints(text);
    const [first, last] = text.length <= WHOLE_LENGTH ? [0, text.length] : windowAround(text, from, to);
    const start = points(first);
    const findings = this.detect(text.slice(first, last)).map((finding) => ({ ...finding, start: finding.start + start, end: finding.end + start }));
    return { start, end: points(last), findings };
  }

  /** @param {string} plain */
  #prefilter(plain) {
    /** @type {Set<number>} */
    const opened = new Set();
    /** @type {Map<string, number[]>} */
    const places = new Map();
    this.automaton.scan(plain, (literal, start, end) => {
      for (const number of this.opened[literal] ?? []) opened.add(number);
      if (this.isContext[literal] && isWholeWord(plain, start, end)) {
        const word = /** @type {string} */ (this.automaton.literals[literal]);
        const starts = places.get(word);
        if (starts) starts.push(start);
        else places.set(word, [start]);
      }
    });
    for (const number of this.ungated) opened.add(number);
    const digits = longestRun(plain);
    const possible = [...opened].filter((number) => /** @type {Recognizer} */ (this.recognizers[number]).rule.least_digits <= digits);
    return { opened: possible.sort((a, b) => a - b), places };
  }

  /**
   * @param {Recognizer} recognizer
   * @param {Reading} reading
   * @param {(start: number, end: number) => [number, number]} place
   * @param {Finding[]} found
   */
  #apply(recognizer, reading, place, found) {
    const { rule } = recognizer;
    if (rule.context.need !== "none" && !reading.words.hasAny(rule.context.words)) return;
    for (const candidate of recognizer.candidates(reading)) {
      if (!isPlausible(rule, reading.text.slice(candidate.start, candidate.end))) continue;
      const [word, confidence] = context(rule, reading.words, candidate);
      if (confidence < LEAST_CONFIDENCE) continue;
      const [start, end] = place(candidate.start, candidate.end);
      found.push({
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
      });
    }
  }
}

/**
 * Return how a span of the normalised text becomes one of the text as given.
 *
 * @param {Int32Array | null} origins
 * @returns {(start: number, end: number) => [number, number]}
 */
function placing(origins) {
  if (!origins) return (start, end) => [start, end];
  return (start, end) => [origins[start] ?? 0, (origins[end - 1] ?? 0) + 1];
}

/**
 * @param {Rule} rule
 * @param {string} value
 */
function isPlausible(rule, value) {
  if (rule.validator !== null && !VALIDATORS[rule.validator]?.(value)) return false;
  if (rule.entropy !== null && bitsPerCharacter(value) < rule.entropy) return false;
  const plain = folded(value);
  return !rule.stop_words.some((word) => plain.includes(word));
}

/**
 * @param {Rule} rule
 * @param {Words} words
 * @param {Candidate} candidate
 * @returns {[string | null, number]}
 */
function context(rule, words, candidate) {
  const wanted = rule.context;
  const word =
    wanted.need === "label"
      ? words.label(wanted.words, candidate.matchStart)
      : words.near(wanted.words, candidate.matchStart, candidate.matchEnd, wanted.within);
  if (word !== null) return [word, rule.confidence_with_context];
  return [null, wanted.need === "none" ? rule.confidence : 0];
}
