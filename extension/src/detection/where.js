/**
 * Where in a text a rule can match. It is tried near what every match of it must hold and, where its matches hold no
 * line break, or no space either, on the lines or words alone that stand about the words it wants.
 */

import { firstAtLeast } from "./ascending.js";
import { LABEL_REACH, MOST_UNITS, ordered } from "./context.js";
import { LEAST_TOKEN, runsOf } from "./gates.js";
import { held, wantsWords } from "./rulebook.js";
import { SIGNS } from "./shapes.js";

/** @typedef {import("./rulebook.js").Rule} Rule */
/** @typedef {import("./context.js").Words} Words */
/** @typedef {import("./views.js").Span} Span */
/** @typedef {import("./shapes.js").Limits} Limits */
/** @typedef {import("./shapes.js").Extent} Extent */
/** @typedef {{starts: number[], ends: number[], before: number, after: number}} Need Every match touches one of these, or is so near to one. */

/** A shorter text is as quick whole. */
const LEAST_LENGTH = 512;
/** Trying a rule on one more span takes as long as on so many characters. */
const SPAN_COST = 60;
/** What stands about a word that is wanted is some lines long. */
const ABOUT = 4;
/** A digit is on most lines. */
const LEAST_DIGITS = 2;
/** What stands between two runs of digits of a list, with the rest of their values. */
const BETWEEN_LISTED = /^[a-z0-9._-]{0,16}["'`*_)\]»]{0,3}(?: ?[,;&+/|] ?|[,;]? [a-z]{1,5} | ?[,;|]?\n[ \t]{0,8}(?:[-*+\u2022][ \t]{1,4})?)["'`*_(\[«#]{0,3}[a-z0-9._-]{0,16}$/;
const LONGEST_BETWEEN = 60;
const REST_OF_LISTED = 17;
const SPACE = 32;
const BREAK = 10;
/** What has no limit by lines or words. @type {[startOf: () => number, endOf: () => number]} */
const WHOLE = [() => 0, () => Infinity];

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
    /** Where lists of values stand, once it was asked for. @type {Need | undefined} */
    this.lists = undefined;
    /** Where each of `SIGNS` stands, once it was asked for. @type {number[][]} */
    this.signs = [];
    /** What stands about the places of a need: many rules have the same. @type {Map<number[], Map<string, Span[]>>} */
    this.known = new Map();
  }

  /**
   * Whether a text has what every match of a rule must hold, besides literals and words.
   *
   * @param {Rule} rule
   * @param {() => Limits} limits
   */
  has({ literals, least_digits: digits, least_token: token = 0, least_unbroken: unbroken = 0 }, limits) {
    const { runs } = this;
    if (digits > runs.digits.longest || token > runs.tokens.longest) return false;
    if (unbroken && unbroken > runs.unbroken().longest) return false;
    if (!digits && literals.length) return true; // long lists of words have no signs in common
    const { digits: solid, signs } = limits();
    return solid <= runs.solid.longest && signs.every((sign) => this.#placesOf(sign).length);
  }

  /**
   * Return where one of `SIGNS` stands.
   *
   * @param {number} sign
   */
  #placesOf(sign) {
    let places = this.signs[sign];
    if (!places) {
      this.signs[sign] = places = [];
      const pattern = /** @type {RegExp} */ (SIGNS[sign]);
      pattern.lastIndex = 0;
      while (pattern.test(this.text)) places.push(pattern.lastIndex - 1);
    }
    return places;
  }

  /**
   * Return the spans of the text outside of which a rule has no match, in their order.
   *
   * @param {Rule} rule
   * @param {Limits} limits
   * @returns {Span[]}
   */
  of(rule, limits) {
    const { length } = this.text;
    /** @type {Span[]} */
    const whole = [[0, length]];
    const { extent, longest } = limits;
    if (length < LEAST_LENGTH) return whole;
    const cost = (/** @type {Need} */ { starts, before }) => starts.length * (before && extent === "word" ? ABOUT : 1);
    const [first, ...others] = [...this.#needs(rule, limits)].sort((one, other) => cost(one) - cost(other));
    if (!first || first.starts.length * SPAN_COST > length || (extent === "text" && (first.after || longest > length))) return whole;
    const about = this.#knownAbout(first, extent, longest);
    const spans = others.length ? about.filter((span) => others.every((need) => isNear(need, span))) : about;
    let sum = 0;
    for (const [start, end] of spans) sum += SPAN_COST + end - start;
    return sum < length ? spans : whole;
  }

  /**
   * @param {Rule} rule
   * @param {Limits} limits
   * @returns {Generator<Need>}
   */
  *#needs(rule, { extent, digits: solid, signs }) {
    const { least_digits: digits, least_token: token = 0, least_unbroken: unbroken = 0, context } = rule;
    const { runs } = this;
    const literals = held(rule);
    if (literals.length) {
      const { starts } = ordered(literals, this.startsOf);
      yield { starts, ends: starts, before: 0, after: 0 };
    }
    if (solid >= LEAST_DIGITS) yield { ...runs.solid.asLongAs(solid), before: 0, after: 0 };
    if (digits >= LEAST_DIGITS && digits > solid) yield { ...(extent === "word" ? runs.figures() : runs.digits).asLongAs(digits), before: 0, after: 0 };
    if (token >= LEAST_TOKEN) yield { ...runs.tokens.asLongAs(token), before: 0, after: 0 };
    if (unbroken) yield { ...runs.unbroken().asLongAs(unbroken), before: 0, after: 0 };
    for (const sign of signs) yield { starts: this.#placesOf(sign), ends: this.#placesOf(sign), before: 0, after: 0 };
    if (!wantsWords(rule)) return;
    const words = context.edges === "parts" ? this.parts : this.words;
    const { starts, longest } = words.of(context.words);
    if (starts.some((start) => words.columns.isInHead(start))) return; // it names what stands below, however far
    const reach = Math.max(LABEL_REACH, MOST_UNITS * context.within);
    yield { starts, ends: starts, before: reach, after: reach + longest };
  }

  /**
   * @param {Need} need
   * @param {Extent} extent
   * @param {number} longest
   */
  #knownAbout(need, extent, longest) {
    const { starts, before, after } = need;
    const key = `${extent} ${longest} ${before} ${after}`;
    let known = this.known.get(starts);
    if (!known) this.known.set(starts, (known = new Map()));
    let spans = known.get(key);
    if (!spans) known.set(key, (spans = this.#about(need, extent, after ? Infinity : longest)));
    return spans;
  }

  /**
   * Return the lines or words that stand about the places of a need, and no more of them than a match can be that
   * touches such a place, with one character at either end for the boundary. Spans that touch are one: so a match that
   * stands before another one in the text does so in the span too.
   *
   * @param {Need} need
   * @param {Extent} extent
   * @param {number} longest
   */
  #about({ starts, ends, before, after }, extent, longest) {
    const { length } = this.text;
    const [startOf, endOf] = extent === "word" ? this.#words() : extent === "line" ? this.#lines() : WHOLE;
    /** @type {Span[]} */
    const spans = [];
    /** @type {Span} */
    let last = [0, -1];
    const reach = Number.isFinite(longest) ? longest + 1 : after;
    for (let index = 0; index < starts.length; index += 1) {
      const [first, stop] = [/** @type {number} */ (starts[index]), /** @type {number} */ (ends[index])];
      if (Math.min(length, stop + reach) <= last[1]) continue;
      const start = Math.max(startOf(Math.max(0, first - before)), first - longest - 1);
      const near = Math.min(endOf(Math.min(length, stop + after)), stop + longest + 1);
      const end = after ? this.#endOfList(near) : near;
      if (start > last[1]) spans.push((last = [start, end]));
      else last[1] = Math.max(last[1], end);
    }
    return spans;
  }

  /**
   * Return where the list of values ends that a place is in: its label names all of them. Without one, the place.
   *
   * @param {number} place
   */
  #endOfList(place) {
    const { starts, ends } = (this.lists ??= listsOf(this.text, this.runs.digits));
    const number = firstAtLeast(ends, place);
    return Number(starts[number]) < place ? Math.min(this.text.length, Number(ends[number]) + REST_OF_LISTED) : place;
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

/**
 * Return where runs of digits follow each other with no more between them than in lists.
 *
 * @param {string} text In lower case.
 * @param {{starts: number[], ends: number[]}} digits
 * @returns {Need}
 */
function listsOf(text, { starts, ends }) {
  /** @type {Need} */
  const lists = { starts: [], ends: [], before: 0, after: 0 };
  let first = Number(starts[0]);
  for (let index = 0; index < starts.length; index += 1) {
    const [end, next] = [Number(ends[index]), Number(starts[index + 1])];
    if (next - end <= LONGEST_BETWEEN && BETWEEN_LISTED.test(text.slice(end, next))) continue;
    lists.starts.push(first);
    lists.ends.push(end);
    first = next;
  }
  return lists;
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
function isNear({ starts, ends, before, after }, [start, end]) {
  const next = starts[firstAtLeast(ends, start - after)];
  return next !== undefined && next <= end + before;
}
