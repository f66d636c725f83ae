/** The entries of a ZIP archive (APPNOTE.TXT 6.3.10), read by its directory, and only what can be read safely. */

import { inflated } from "./inflating.js";
import { NotRead } from "./piece.js";

/** @typedef {import("./piece.js").Effort} Effort */
/** @typedef {{name: string, method: number, isLocked: boolean, packed: number, size: number, place: number}} Entry */

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const LARGE = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;

export class Zip {
  /**
   * Raise NotRead for an archive that is damaged, in parts, or holds too many entries.
   *
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {Effort} effort
   */
  constructor(bytes, effort) {
    this.bytes = bytes;
    this.effort = effort;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    const end = this.#end();
    const count = this.view.getUint16(end + 10, true);
    if (count > effort.limits.entries) throw new NotRead("bomb");
    let place = this.view.getUint32(end + 16, true);
    for (let number = 0; number < count; number += 1) place = this.#entry(place);
  }

  /** Return where the directory's end record is. */
  #end() {
    const last = this.bytes.length - END_LENGTH;
    for (let place = last; place >= 0 && place >= last - LONGEST_COMMENT; place -= 1) {
      if (this.view.getUint32(place, true) === END) return place;
    }
    throw new NotRead("damaged");
  }

  /**
   * Take in one entry of the directory; return where the next one starts.
   *
   * @param {number} place
   */
  #entry(place) {
    const { view } = this;
    if (place + 46 > this.bytes.length || view.getUint32(place, true) !== DIRECTORY) throw new NotRead("damaged");
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(place + offset, true));
    const name = new TextDecoder().decode(this.bytes.subarray(place + 46, place + 46 + (nameLength ?? 0)));
    const entry = {
      name,
      isLocked: (view.getUint16(place + 8, true) & 1) === 1,
      method: view.getUint16(place + 10, true),
      packed: view.getUint32(place + 20, true),
      size: view.getUint32(place + 24, true),
      place: view.getUint32(place + 42, true),
    };
    if ([entry.packed, entry.size, entry.place].includes(LARGE)) throw new NotRead("large"); // ZIP64
    // Two entries of one name are two readings of one file; nobody writes that by accident.
    if (this.entries.has(name)) throw new NotRead("damaged");
    this.entries.set(name, entry);
    return place + 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }

  /** @param {RegExp} pattern */
  names(pattern) {
    return [...this.entries.keys()].filter((name) => pattern.test(name));
  }

  /**
   * Return what an entry holds as text; nothing for one that is not there.
   *
   * @param {string} name
   */
  async text(name) {
    const entry = this.entries.get(name);
    if (!entry) return "";
    const bytes = await this.#content(entry);
    const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<Uint8Array>}
   */
  async #content({ place, packed, size, method, isLocked }) {
    if (isLocked) throw new NotRead("locked");
    if (size > this.effort.limits.unpacked) throw new NotRead("bomb");
    if (place + 30 > this.bytes.length || this.view.getUint32(place, true) !== LOCAL) throw new NotRead("damaged");
    const start = place + 30 + this.view.getUint16(place + 26, true) + this.view.getUint16(place + 28, true);
    if (start + packed > this.bytes.length) throw new NotRead("damaged");
    const content = this.bytes.subarray(start, start + packed);
    if (method === STORED) {
      this.effort.unpack(content.length, content.length, content.length);
      return content;
    }
    if (method !== DEFLATED) throw new NotRead("kind");
    return inflated(content, "deflate-raw", this.effort);
  }
}
