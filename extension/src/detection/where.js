/**
 * Where in a text a rule can match. A rule whose matches hold no line break, or no space either, is tried on those
 * lines or words alone that hold what every match of it must, and stand about the words it wants.
 */

import { firstAtLeast, LABEL_REACH, MOST_UNITS, ordered } from "./context.js";
import { LEAST_TOKEN, runsOf } from "./gates.js";
import { wantsWords } from "./rulebook.js";

/** @typedef {import("./rulebook.js").Rule} Rule */
/** @typedef {import("./context.js").Words} Words */
/** @typedef {import("./views.js").Span} Span */
/** @typedef {{places: number[], before: number, after: number}} Need One of these places is so near to every match. */
/** @typedef {"text" | "line" | "word"} Extent What no match is larger than. */

/** A shorter text is as quick whole. */
const LEAST_LENGTH = 8192;
/** Trying a rule on one more span takes as long as on so many characters. */
const SPAN_COST = 150;
/** What stands about a word that is wanted is some lines long. */
const ABOUT = 4;
/** A digit is on most lines. */
const LEAST_DIGITS = 2;
const SPACE = 32;
const BREAK = 10;
const CLASS_OR_SIGN = /\[\^(?:\\.|[^\]\\])*\]|\\?[^]/g;

/**
 * Return what no match of a pattern of our dialect is larger than. It has neither the sign that ends a line or a
 * word, nor a class that leaves it in.
 *
 * @param {string} pattern
 * @returns {Extent}
 */
export function extentOf(pattern) {
  const parts = pattern.match(CLASS_OR_SIGN) ?? [];
  const isFreeOf = (/** @type {string[]} */ ...signs) => parts.every((part) => (part.startsWith("[^") ? signs.some((sign) => part.includes(sign)) : !signs.includes(part)));
  if (!isFreeOf("\\n", "\n")) return "text";
  return isFreeOf(" ", "\\ ") ? "word" : "line";
}

export class Where {
  /**
   * @param {string} text In lower case.
   * @param {(literal: string) => number[]} startsOf
   * @param {Words} words
   * @param {Words} parts
   */
  constructor(text, startsOf, words, parts) {
    this.text = text;
    this.startsOf = startsOf;
    this.words = words;
    this.parts = parts;
    this.runs = runsOf(text);
    /** Where the lines end, once it was asked for. @type {number[] | undefined} */
    this.breaks = undefined;
    /** What stands about the places of a need: many rules have the same. @type {Map<number[], Map<string, Span[]>>} */
    this.known = new Map();
  }

  /**
   * Whether a text has what every match of a rule must hold, besides literals and words.
   *
   * @param {Rule} rule
   */
  has({ least_digits: digits, least_token: token = 0 }) {
    return digits <= this.runs.digits.longest && token <= this.runs.tokens.longest;
  }

  /**
   * Return the spans of the text outside of which a rule has no match, in their order.
   *
   * @param {Rule} rule
   * @param {Extent} extent
   * @returns {Span[]}
   */
  of(rule, extent) {
    /** @type {Span[]} */
    const whole = [[0, this.text.length]];
    if (extent === "text" || this.text.length < LEAST_LENGTH) return whole;
    const cost = (/** @type {Need} */ { places, before }) => places.length * (before && extent === "word" ? ABOUT : 1);
    const [first, ...others] = [...this.#needs(rule)].sort((one, other) => cost(one) - cost(other));
    if (!first || first.places.length * SPAN_COST > this.text.length) return whole;
    const about = this.#knownAbout(first, extent);
    const spans = others.length ? about.filter((span) => others.every((need) => isNear(need, span))) : about;
    let sum = 0;
    for (const [start, end] of spans) sum += SPAN_COST + end - start;
    return sum < this.text.length ? spans : whole;
  }

  /**
   * @param {Rule} rule
   * @returns {Generator<Need>}
   */
  *#needs(rule) {
    const { keywords, literals, least_digits: digits, least_token: token = 0, context } = rule;
    // Keywords may stand anywhere, and where a rule has some nobody has looked for its literals.
    if (!keywords.length && literals.length) yield { places: ordered(literals, this.startsOf).starts, before: 0, after: 0 };
    if (digits >= LEAST_DIGITS) yield { places: this.runs.digits.asLongAs(digits), before: 0, after: 0 };
    if (token >= LEAST_TOKEN) yield { places: this.runs.tokens.asLongAs(token), before: 0, after: 0 };
    if (!wantsWords(rule)) return;
    const { starts, longest } = (context.edges === "parts" ? this.parts : this.words).of(context.words);
    const reach = Math.max(LABEL_REACH, MOST_UNITS * context.within);
    yield { places: starts, before: reach, after: reach + longest };
  }

  /**
   * @param {Need} need
   * @param {Extent} extent
   */
  #knownAbout(need, extent) {
    const { places, before, after } = need;
    const key = `${extent} ${before} ${after}`;
    let known = this.known.get(places);
    if (!known) this.known.set(places, (known = new Map()));
    let spans = known.get(key);
    if (!spans) known.set(key, (spans = this.#about(need, extent)));
    return spans;
  }

  /**
   * Return the lines or words that stand about the places of a need.
   *
   * @param {Need} need
   * @param {Extent} extent
   */
  #about({ places, before, after }, extent) {
    const { length } = this.text;
    const [startOf, endOf] = extent === "word" ? this.#words() : this.#lines();
    /** @type {Span[]} */
    const spans = [];
    let end = -1;
    for (const place of places) {
      if (place + after <= end) continue;
      const start = Math.max(end + 1, startOf(Math.max(0, place - before)));
      end = endOf(Math.min(length, place + after));
      spans.push([start, end]);
    }
    return spans;
  }

  /**
   * Return what says where the line begins and ends that a place is in.
   *
   * @returns {[startOf: (place: number) => number, endOf: (place: number) => number]}
   */
  #lines() {
    const breaks = (this.breaks ??= breaksOf(this.text));
    return [(place) => Number(breaks[firstAtLeast(breaks, place) - 1] ?? -1) + 1, (place) => breaks[firstAtLeast(breaks, place)] ?? this.text.length];
  }

  /**
   * Return what says where the word begins and ends that a place is in.
   *
   * @returns {[startOf: (place: number) => number, endOf: (place: number) => number]}
   */
  #words() {
    const { text } = this;
    const isInside = (/** @type {number} */ place) => {
      const code = text.charCodeAt(place);
      return code !== BREAK && code !== SPACE;
    };
    const startOf = (/** @type {number} */ place) => {
      let start = place;
      while (start > 0 && isInside(start - 1)) start -= 1;
      return start;
    };
    const endOf = (/** @type {number} */ place) => {
      let end = place;
      while (end < text.length && isInside(end)) end += 1;
      return end;
    };
    return [startOf, endOf];
  }
}

/** @param {string} text */
function breaksOf(text) {
  const breaks = [];
  for (let place = text.indexOf("\n"); place >= 0; place = text.indexOf("\n", place + 1)) breaks.push(place);
  return breaks;
}

/**
 * @param {Need} need
 * @param {Span} span
 */
function isNear({ places, before, after }, [start, end]) {
  const next = places[firstAtLeast(places, start - after)];
  return next !== undefined && next <= end + before;
}
