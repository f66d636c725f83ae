/** What a person has sent: each text may leave once, by the hash of it. The texts themselves are not kept. */

import { sha256 } from "../detection/validators/sha256.js";

/** @typedef {{texts: Set<string>, values: Set<string>, until: number}} Release */

/** Between a send and its request a page may upload, or ask whether somebody is a robot. */
const LASTS_MS = 30_000;
const MOST_FORMER = 1000;
const SPACE = 32;
const TAB = 9;
const RETURN = 13;
/** White space beyond ASCII, as `\s` has it. */
const WIDE_SPACE = /[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
const encoder = new TextEncoder();

export class Releases {
  /** @param {() => number} [now] Milliseconds. */
  constructor(now = () => performance.now()) {
    this.now = now;
    /** @type {Set<Release>} */
    this.open = new Set();
    /** Whether any release was taken up since the page was loaded, or the last one was missed. */
    this.areAllMissed = true;
    /** What left before: a chat sends its history with each message. @type {Set<string>} */
    this.former = new Set();
  }

  /**
   * Let these texts leave with one request, or other texts with nothing in them but these values.
   *
   * @param {string[]} texts
   * @param {string[]} [values] What was found in them, and may leave.
   */
  add(texts, values = []) {
    this.open.add({ texts: new Set(texts.map(hashOf)), values: new Set(values.map(hashOf)), until: this.now() + LASTS_MS });
  }

  /** Whether something was let go that no request has carried yet. */
  get isAwaiting() {
    for (const release of this.open) if (release.until < this.now()) this.open.delete(release);
    return this.open.size > 0;
  }

  /**
   * Return the texts that were not released. A release that one of them has is used up.
   *
   * @param {string[]} texts
   */
  claim(texts) {
    return this.#claimed(texts, (hashes, release) => hashes.some((hash) => release.texts.has(hash)));
  }

  /**
   * Whether all these values may leave with a text that was written anew by the page.
   *
   * @param {string[]} values
   */
  claimValues(values) {
    const isCovered = (/** @type {string[]} */ hashes, /** @type {Release} */ { values: released }) => released.size > 0 && hashes.every((hash) => released.has(hash) || this.former.has(hash));
    return values.length > 0 && this.#claimed(values, isCovered).length === 0;
  }

  /**
   * @param {string[]} texts
   * @param {(hashes: string[], release: Release) => boolean} isFor
   */
  #claimed(texts, isFor) {
    if (!this.isAwaiting) return texts;
    const hashes = texts.map(hashOf);
    const release = [...this.open].find((one) => isFor(hashes, one));
    if (!release) return texts;
    this.open.delete(release);
    this.areAllMissed = false;
    for (const hash of [...release.texts, ...release.values]) this.former.add(hash);
    for (const hash of this.former) if (this.former.size > MOST_FORMER) this.former.delete(hash);
    return texts.filter((_, index) => !this.former.has(hashes[index] ?? ""));
  }
}

/**
 * White space is an editor's: it differs between what is seen and what is sent.
 *
 * @param {string} text
 */
export const hashOf = (text) => String.fromCharCode(...sha256(squashed(text)));

/**
 * Return a text without white space in UTF-8. In bytes it is left out in a fraction of the time that the text takes.
 *
 * @param {string} text
 */
function squashed(text) {
  const bytes = encoder.encode(text.replace(WIDE_SPACE, ""));
  let count = 0;
  for (let place = 0; place < bytes.length; place += 1) {
    const byte = /** @type {number} */ (bytes[place]);
    bytes[count] = byte;
    if (byte > SPACE || (byte < SPACE && (byte < TAB || byte > RETURN))) count += 1;
  }
  return bytes.subarray(0, count);
}
