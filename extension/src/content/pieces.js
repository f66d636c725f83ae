/** What is found in a text of any length: piece by piece, so that the page stays alive meanwhile. */

import { Columns } from "../detection/columns.js";

/** @typedef {import("../detection/finding.js").Finding} Finding */
/** @typedef {{findings: Finding[], isFinished: boolean, isWhole: boolean}} Found `isFinished` speaks of the client's own rules, `isWhole` of the text. */

/** In a longer piece more rules have to be tried on all of it; in shorter ones all of them are begun with more often. */
const LENGTH = 32 * 1024;
/** What stands across a cut is read again with what stands before it, and what its words say. */
const OVERLAP = 1024;
/** Enough to decide by, and to say "more than". */
const MOST_FOUND = 5000;
const LONGEST_MS = 4000;
/** Half of what a page has to draw a picture in. Each pause costs as much as a tenth of a piece. */
const AT_ONCE_MS = 8;

/**
 * Return what `detect` finds in all pieces, in code points of the whole text.
 *
 * @param {string} text
 * @param {(piece: string) => {findings: Finding[], isFinished: boolean}} detect
 * @param {number} [milliseconds]
 * @returns {Promise<Found>}
 */
export async function foundIn(text, detect, milliseconds = LONGEST_MS) {
  let breathed = performance.now();
  const until = breathed + milliseconds;
  /** @type {Finding[]} */
  const findings = [];
  let isFinished = true;
  const columns = new Columns(text);
  let points = 0;
  let seen = 0;
  for (let start = 0; start < text.length || start === 0; ) {
    const end = cutAfter(text, start);
    const head = columns.headAbove(start); // names the columns of a table that was cut
    const found = detect(head + text.slice(start, end));
    isFinished &&= found.isFinished;
    const moved = points - pointsIn(head);
    for (const one of found.findings) if (one.start + moved >= points && one.end + moved > seen) findings.push({ ...one, start: one.start + moved, end: one.end + moved });
    if (end >= text.length) break;
    const now = performance.now();
    if (findings.length >= MOST_FOUND || now > until) return { findings: findings.slice(0, MOST_FOUND), isFinished, isWhole: findings.length >= MOST_FOUND };
    const next = overlapBefore(text, start, end);
    seen = points + pointsIn(text.slice(start, end));
    points += pointsIn(text.slice(start, next));
    start = next;
    if (now - breathed < AT_ONCE_MS) continue;
    await breath();
    breathed = performance.now();
  }
  return { findings, isFinished, isWhole: true };
}

/**
 * @param {string} text
 * @param {number} start
 */
function cutAfter(text, start) {
  if (text.length - start <= LENGTH) return text.length;
  const line = text.lastIndexOf("\n", start + LENGTH);
  if (line > start + LENGTH / 2) return line + 1;
  return isHigh(text, start + LENGTH - 1) ? start + LENGTH - 1 : start + LENGTH;
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
function overlapBefore(text, start, end) {
  const line = text.lastIndexOf("\n", end - OVERLAP);
  if (line > start + LENGTH / 2) return line + 1;
  const back = Math.max(start + 1, end - OVERLAP);
  return isHigh(text, back - 1) ? back - 1 : back;
}

/**
 * Whether the character at `place` is the first half of one.
 *
 * @param {string} text
 * @param {number} place
 */
const isHigh = (text, place) => (text.charCodeAt(place) & 0xfc00) === 0xd800;

/** @param {string} text */
const pointsIn = (text) => text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);

/** Let the page do what it has to do. */
const breath = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(0);
  });
