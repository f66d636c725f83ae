/** Which of several overlapping findings stay, and spans in UTF-16 for the page. */

import { SEVERITIES } from "./finding.js";

/** @typedef {import("./finding.js").Finding} Finding */

const MUCH_SURER = 0.12;
/** What a label says of any number. */
const NUMBERS = new Set(["#", "card", "code", "id", "no", "num", "number"]);
const WINDOW_REACH = 768;
const LONGEST_TOKEN = 512;

/**
 * Keep the surest, of the earlier reading, the longest, the first, the worst; return them in text order.
 *
 * @param {Finding[][]} readings
 */
export function withoutOverlaps(...readings) {
  const ranked = readings
    .flatMap((found, reading) => found.map((finding) => ({ finding, reading })))
    .sort(
      (a, b) =>
        b.finding.confidence - a.finding.confidence ||
        a.reading - b.reading ||
        b.finding.end - b.finding.start - (a.finding.end - a.finding.start) ||
        a.finding.start - b.finding.start ||
        SEVERITIES.indexOf(b.finding.severity) - SEVERITIES.indexOf(a.finding.severity) ||
        (a.finding.rule < b.finding.rule ? -1 : 1),
    );
  /** @type {Finding[]} */
  const kept = [];
  for (const { finding } of ranked) {
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (/** @type {Finding} */ (kept[middle]).start < finding.start) low = middle + 1;
      else high = middle;
    }
    const before = kept[low - 1];
    const after = kept[low];
    if ((!before || before.end <= finding.start) && (!after || after.start >= finding.end)) kept.splice(low, 0, finding);
  }
  return kept;
}

/**
 * Leave out what a label names that is but a part of another one of the same span.
 *
 * "Brazilian tax id" says more than "tax id", though what it names may have no check; and a label says more than a word
 * that stands behind the value alone: "CVR-nr. 76203881, moms …".
 *
 * @param {Finding[]} found
 */
export function withoutVaguer(found) {
  /** @type {Map<string, Finding[]>} */
  const spans = new Map();
  for (const one of found) {
    const span = `${one.start}-${one.end}`;
    const alike = spans.get(span);
    if (alike) alike.push(one);
    else spans.set(span, [one]);
  }
  return [...spans.values()].flatMap((alike) => (alike.length === 1 ? alike : alike.filter((one) => !alike.some((other) => saysMore(other, one)))));
}

/**
 * @param {Finding} one
 * @param {Finding} other
 */
function saysMore(one, other) {
  if (one.context === null || other.context === null || one.type === other.type || other.confidence > one.confidence + MUCH_SURER) return false;
  if (one.tie === "label" && other.tie === "behind") return true;
  const [more, less] = [told(one.context), told(other.context)];
  return less.size < more.size && [...less].every((word) => more.has(word));
}

/** @param {string} context */
const told = (context) => new Set(context.split(/\s+/).filter((word) => !NUMBERS.has(word)));

/**
 * Keep one finding of each span, the worst: all of an encoded text share one span.
 *
 * @param {Finding[]} findings
 */
export function worstOfEachSpan(findings) {
  /** @type {Map<string, Finding>} */
  const worst = new Map();
  for (const finding of findings) {
    const span = `${finding.start}-${finding.end}`;
    const kept = worst.get(span);
    const isWorse = kept && (SEVERITIES.indexOf(finding.severity) - SEVERITIES.indexOf(kept.severity) || finding.confidence - kept.confidence) > 0;
    if (!kept || isWorse) worst.set(span, finding);
  }
  return [...worst.values()];
}

/**
 * Return how to turn a UTF-16 offset of `text` into a code point offset.
 *
 * @param {string} text
 * @returns {(offset: number) => number}
 */
export function toCodePoints(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (offset) => offset;
  const counts = new Int32Array(text.length + 1);
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    counts[index] = count;
    const isPair = isHigh(text, index) && isLow(text, index + 1);
    if (isPair) {
      index += 1;
      counts[index] = count;
    }
    count += 1;
  }
  counts[text.length] = count;
  return (offset) => counts[offset] ?? count;
}

/**
 * Return the UTF-16 span of a code point span.
 *
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @returns {[number, number]}
 */
export function toUtf16(text, start, end) {
  if (!/[\ud800-\udfff]/.test(text)) return [start, end];
  let point = 0;
  let first = text.length;
  let last = text.length;
  for (let index = 0; index <= text.length; index += 1) {
    if (point === start && index < first) first = index;
    if (point === end) {
      last = index;
      break;
    }
    if (isHigh(text, index) && isLow(text, index + 1)) index += 1;
    point += 1;
  }
  return [first, last];
}

/**
 * Return a span around [from, to) that ends at white space, so that it cuts no value in two.
 *
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {[number, number]}
 */
export function windowAround(text, from, to) {
  let start = Math.max(0, from - WINDOW_REACH);
  let end = Math.min(text.length, to + WINDOW_REACH);
  for (let left = LONGEST_TOKEN; start > 0 && left > 0 && !isBreak(text, start); left -= 1) start -= 1;
  for (let left = LONGEST_TOKEN; end < text.length && left > 0 && !isBreak(text, end); left -= 1) end += 1;
  return [start, end];
}

/**
 * @param {string} text
 * @param {number} index
 */
function isBreak(text, index) {
  return /[ \t\n]/.test(text.charAt(index));
}

/**
 * @param {string} text
 * @param {number} index
 */
function isHigh(text, index) {
  const code = text.charCodeAt(index);
  return code >= 0xd800 && code < 0xdc00;
}

/**
 * @param {string} text
 * @param {number} index
 */
function isLow(text, index) {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code < 0xe000;
}
