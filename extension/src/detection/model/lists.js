/** Which lists words stand in: given names, family names, places, dictionaries; as a Bloom filter (CACM 1970). */

import { mixed } from "./hashing.js";

const KINDS = 6;
const PROBES = 4;

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
    for (let number = 0; number < KINDS; number += 1) if (this.#holds(word, number)) found |= 1 << number;
    return found;
  }

  /**
   * @param {number} word
   * @param {number} number
   */
  #holds(word, number) {
    const first = mixed(word, 2 * number + 1);
    const step = mixed(word, 2 * number + 2) | 1;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const place = ((first + Math.imul(probe, step)) >>> 0) % (this.bits.length * 8);
      if (!(/** @type {number} */ (this.bits[place >> 3]) & (1 << (place & 7)))) return false;
    }
    return true;
  }
}
