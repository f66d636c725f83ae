/** What an extraction yields, what keeps it from yielding, and how much it may cost. */

/**
 * @typedef {object} Extract
 * @property {string} text Everything a person would read in the file.
 * @property {Counts} counts What the panel may say of it.
 * @property {Reason | null} unread Why a part of it could not be read.
 *
 * @typedef {{rows?: number, columns?: number, pages?: number, sheets?: number, lines?: number}} Counts
 * @typedef {"kind" | "large" | "slow" | "locked" | "damaged" | "pictures" | "letters" | "bomb"} Reason
 */

/** A file whose text cannot be had; the reason never quotes it. */
export class NotRead extends Error {
  /** @param {Reason} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export const LIMITS = {
  file: 32 * 1024 * 1024,
  unpacked: 64 * 1024 * 1024,
  /** UTF-16 units of text. */
  text: 8 * 1024 * 1024,
  entries: 4096,
  milliseconds: 2000,
};

/** How often a part of a file may grow when it is unpacked; a workbook of one repeated row reaches 100. */
const MOST_GROWTH = 200;
const SMALL = 1024 * 1024;

/** What one file may cost. Every reader asks it as it goes, so that none runs away. */
export class Effort {
  /** @param {Partial<typeof LIMITS>} [limits] */
  constructor(limits = {}) {
    this.limits = { ...LIMITS, ...limits };
    this.until = performance.now() + this.limits.milliseconds;
    this.unpacked = 0;
    this.length = 0;
  }

  /** Raise NotRead when the time is over. */
  check() {
    if (performance.now() > this.until) throw new NotRead("slow");
  }

  /**
   * Count what was unpacked. Raise NotRead for too much of it, or for much from next to nothing.
   *
   * @param {number} bytes Just now.
   * @param {number} grown Of this part so far.
   * @param {number} packed Of this part.
   */
  unpack(bytes, grown, packed) {
    this.check();
    this.unpacked += bytes;
    if (this.unpacked > this.limits.unpacked) throw new NotRead("bomb");
    if (grown > SMALL && grown > packed * MOST_GROWTH) throw new NotRead("bomb");
  }

  /**
   * Count text. Raise NotRead for too much of it.
   *
   * @param {string} text
   */
  read(text) {
    this.length += text.length;
    if (this.length > this.limits.text) throw new NotRead("large");
    return text;
  }
}
