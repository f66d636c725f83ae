/** What a pattern of our dialect says of all its matches: what they are never larger than, and how many digits stand together. */

/** @typedef {"text" | "line" | "word"} Extent What no match is larger than. */
/** @typedef {{extent: Extent, longest: number, digits: number, signs: number[]}} Limits Units at most, digits that stand together at least, and which of `SIGNS` are there. */
/** What matches that nothing is known of may be. @type {Limits} */
export const NO_LIMITS = { extent: "text", longest: Infinity, digits: 0, signs: [] };

/**
 * What the matches of a part hold: UTF-16 units at most; digits at least, with nothing between them, at the start, at
 * the end, and in the best place; and whether there is nothing else.
 *
 * `holds` has a bit for each of `SIGNS` that is in every match. `opens` says that the first character is a digit or a
 * full stop, where there is one, and `isOptional` that there may be none; `isOpen` that the first of `SIGNS` is there,
 * or is where another digit or full stop follows.
 *
 * @typedef {{longest: number, start: number, best: number, end: number, isAll: boolean, holds: number, opens: boolean, isOptional: boolean, isOpen: boolean}} Shape
 */

/** Few texts have them everywhere. What stands in a match for each of them has a bit of its place here. */
export const SIGNS = [/[0-9]\.(?=[0-9.])/g, /\//g, /:/g, /,/g];
const DOTTED = 1;
/** @type {Record<string, number>} */
const HELD = { "/": 2, "\\/": 2, ":": 4, ",": 8 };

const CLASS_OR_SIGN = /\[\^(?:\\.|[^\]\\])*\]|\\?[^]/g;
const LEAST_UNITS = 16;
const MOST_UNITS = 1024;
const PART = /\((?:\?:)?|\)|\||\[(?:\\[^]|[^\]\\])*\]|\\p\{[^}]*\}|\\[^]|[^]/gu;
const TIMES = /(?:\?|\{([0-9]+)(?:,([0-9]*))?\})\??/y;
const DIGITS = /^(?:[0-9]|\[(?:[0-9](?:-[0-9])?)+\])$/;
const OPENS = /^(?:[0-9]|\\\.|\[(?:[0-9](?:-[0-9])?|\.)+\])$/;
/** What our dialect has not. */
const ODD = /^[*+?^$.]$/;
/** What may be a character of two units. */
const WIDE = /^(?:\[\^|\\p)|\\p|[\u{10000}-\u{10ffff}]/u;
/** @type {Shape} */
const NOTHING = { longest: 0, start: 0, best: 0, end: 0, isAll: true, holds: 0, opens: true, isOptional: true, isOpen: false };
/** @type {Shape} */
const UNKNOWN = { longest: Infinity, start: 0, best: 0, end: 0, isAll: false, holds: 0, opens: false, isOptional: true, isOpen: false };

/**
 * Return what no match of a pattern is larger than. It has neither the sign that ends a line or a word, nor a class
 * that leaves it in.
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

/**
 * Return what limits all matches of a pattern. How long they are is told in powers of two, so that many patterns say
 * the same.
 *
 * @param {string} pattern
 * @returns {Limits}
 */
export function limitsOf(pattern) {
  const { longest, best, holds } = shapeOf(pattern);
  return { extent: extentOf(pattern), longest: longest > MOST_UNITS ? Infinity : 2 ** Math.ceil(Math.log2(Math.max(LEAST_UNITS, longest))), digits: best, signs: SIGNS.flatMap((_, number) => ((holds >> number) & 1 ? [number] : [])) };
}

/**
 * Return the shape of a pattern; where it has something that our dialect has not, one that says nothing.
 *
 * @param {string} pattern
 * @returns {Shape}
 */
function shapeOf(pattern) {
  PART.lastIndex = 0;
  const shape = alternatives(pattern);
  return Number.isNaN(shape.longest) ? UNKNOWN : shape;
}

/**
 * Read from where `PART` is to the end of a group.
 *
 * @param {string} pattern
 * @returns {Shape}
 */
function alternatives(pattern) {
  /** @type {Shape | null} */
  let whole = null;
  let shape = NOTHING;
  for (let part = PART.exec(pattern)?.[0]; part && part !== ")"; part = PART.exec(pattern)?.[0]) {
    if (part === "|") {
      whole = whole ? either(whole, shape) : shape;
      shape = NOTHING;
    } else {
      const one = repeated(pattern, part.startsWith("(") ? alternatives(pattern) : ofOne(part));
      const next = then(shape, one);
      if (part === "\\." && shape.end && !one.isOptional) next.isOpen = true;
      shape = next;
    }
  }
  return whole ? either(whole, shape) : shape;
}

/**
 * @param {string} part
 * @returns {Shape}
 */
function ofOne(part) {
  const digits = Number(DIGITS.test(part));
  return { longest: ODD.test(part) ? NaN : WIDE.test(part) ? 2 : 1, start: digits, best: digits, end: digits, isAll: digits > 0, holds: HELD[part] ?? 0, opens: OPENS.test(part), isOptional: false, isOpen: false };
}

/**
 * @param {string} pattern
 * @param {Shape} once
 */
function repeated(pattern, once) {
  TIMES.lastIndex = PART.lastIndex;
  const found = TIMES.exec(pattern);
  if (!found) return once;
  PART.lastIndex = TIMES.lastIndex;
  const [, least = "0", most = found[1] ?? "1"] = found;
  let shape = NOTHING;
  for (let times = 0; times < Number(least); times += 1) shape = then(shape, once);
  const longest = once.longest * (most === "" ? Infinity : Number(most));
  if (Number(least)) return { ...shape, longest };
  return { ...(once.isAll ? NOTHING : UNKNOWN), longest, opens: once.opens };
}

/**
 * @param {Shape} one
 * @param {Shape} other
 * @returns {Shape}
 */
function then(one, other) {
  const holds = one.holds | other.holds | (one.isOpen && other.opens && !other.isOptional ? DOTTED : 0);
  return {
    longest: one.longest + other.longest,
    start: one.isAll ? one.start + other.start : one.start,
    best: Math.max(one.best, other.best, one.end + other.start),
    end: other.isAll ? one.end + other.end : other.end,
    isAll: one.isAll && other.isAll,
    holds,
    opens: one.opens && (!one.isOptional || other.opens),
    isOptional: one.isOptional && other.isOptional,
    isOpen: (holds & DOTTED) > 0 || (other.isOptional ? one.isOpen && other.opens : other.isOpen),
  };
}

/**
 * @param {Shape} one
 * @param {Shape} other
 * @returns {Shape}
 */
const either = (one, other) => ({
  longest: Math.max(one.longest, other.longest),
  start: Math.min(one.start, other.start),
  best: Math.min(one.best, other.best),
  end: Math.min(one.end, other.end),
  isAll: one.isAll && other.isAll,
  holds: one.holds & other.holds,
  opens: one.opens && other.opens,
  isOptional: one.isOptional || other.isOptional,
  isOpen: one.isOpen && other.isOpen,
});
