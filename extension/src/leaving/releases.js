/** What a person has sent: each text may leave once, by the hash of it. The texts themselves are not kept. */

import { sha256 } from "../detection/validators/sha256.js";

/** @typedef {{texts: Set<string>, values: Set<string>, until: number}} Release */

/** Between a send and its request a page may upload, or ask whether somebody is a robot. */
const LASTS_MS = 30_000;
const MOST_FORMER = 1000;

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
export const hashOf = (text) => String.fromCharCode(...sha256(new TextEncoder().encode(text.replace(/\s+/gu, ""))));
