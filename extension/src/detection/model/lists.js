/** Which lists words stand in: given names, family names, places, dictionaries; as a Bloom filter (CACM 1970). */

import { mixed } from "./hashing.js";

/** How many bits stand for a word of each list. */
const PROBES = [6, 6, 6, 10, 5, 8];

export class WordLists {
  /** @param {Uint8Array} bits */
  constructor(bits) {
    this.bits = bits;
  }

  /**
   * Return the lists a word stands in, list n as bit n.
   *
   * @param {number} word The hash of its letters.
   */
  of(word) {
    let found = 0;
    PROBES.forEach((probes, number) => {
      if (this.#holds(word, number, probes)) found |= 1 << number;
    });
    return found;
  }

  /**
   * @param {number} word
   * @param {number} number
   * @param {number} probes
   */
  #holds(word, number, probes) {
    const first = mixed(word, 2 * number + 1);
    const step = mixed(word, 2 * number + 2) | 1;
    for (let probe = 0; probe < probes; probe += 1) {
      const place = ((first + Math.imul(probe, step)) >>> 0) % (this.bits.length * 8);
      if (!(/** @type {number} */ (this.bits[place >> 3]) & (1 << (place & 7)))) return false;
    }
    return true;
  }
}
