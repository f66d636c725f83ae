/** The objects of a PDF file (ISO 32000-1, 7.3): found one by one, whatever its index says. */

import { inflated } from "./inflating.js";
import { NotRead } from "./piece.js";

/** @typedef {import("./piece.js").Effort} Effort */
/** @typedef {{ref: number}} Reference */
/** @typedef {Map<string, any>} Dictionary */
/** @typedef {{value: any, start: number, end: number}} Found A value, and where the bytes of its stream are; end 0 without one. */

const MOST_DEEP = 32;
const MOST_OBJECTS = 200_000;
const AT_ONCE = 8192;
const DELIMITERS = "()<>[]{}/%";
const SPACES = "\u0000\t\n\f\r ";
const PLAIN = new Set(["FlateDecode", "Fl"]);

/** Reads values from a text of bytes, one after the other. */
export class Reader {
  /**
   * @param {string} text Each character a byte.
   * @param {number} [place]
   */
  constructor(text, place = 0) {
    this.text = text;
    this.place = place;
  }

  skip() {
    for (;;) {
      while (this.place < this.text.length && SPACES.includes(this.text.charAt(this.place))) this.place += 1;
      if (this.text[this.place] !== "%") return;
      while (this.place < this.text.length && !"\r\n".includes(this.text.charAt(this.place))) this.place += 1;
    }
  }

  /**
   * Return the next value; a word that is none, such as an operator, as {word}. Undefined at the end.
   *
   * @param {number} [depth]
   * @returns {any}
   */
  next(depth = 0) {
    this.skip();
    if (this.place >= this.text.length) return undefined;
    if (depth > MOST_DEEP) throw new NotRead("damaged");
    const sign = this.text.charAt(this.place);
    if (sign === "/") return this.#name();
    if (sign === "(") return this.#string();
    if (sign === "<") return this.text[this.place + 1] === "<" ? this.#dictionary(depth) : this.#hex();
    if (sign === "[") return this.#array(depth);
    if (DELIMITERS.includes(sign)) {
      this.place += sign === ">" && this.text[this.place + 1] === ">" ? 2 : 1;
      return { word: sign };
    }
    return this.#word();
  }

  #token() {
    const start = this.place;
    while (this.place < this.text.length && !SPACES.includes(this.text.charAt(this.place)) && !DELIMITERS.includes(this.text.charAt(this.place))) this.place += 1;
    return this.text.slice(start, this.place);
  }

  #name() {
    this.place += 1;
    const name = this.#token().replace(/#([0-9A-Fa-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
    return { name };
  }

  #word() {
    const token = this.#token();
    if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(token)) return token === "null" ? null : { word: token };
    // A reference is two whole numbers and an R.
    const rest = /^[ \t\r\n]{1,3}[0-9]{1,5}[ \t\r\n]{1,3}R(?![A-Za-z])/.exec(this.text.slice(this.place, this.place + 14));
    if (!rest || !/^[0-9]+$/.test(token)) return Number(token);
    this.place += rest[0].length;
    return { ref: Number(token) };
  }

  #hex() {
    const end = this.text.indexOf(">", this.place);
    const stop = end < 0 ? this.text.length : end;
    const digits = this.text.slice(this.place + 1, stop).replace(/[^0-9A-Fa-f]/g, "");
    this.place = stop + 1;
    return (digits.match(/..?/g) ?? []).map((pair) => String.fromCharCode(parseInt(pair.padEnd(2, "0"), 16))).join("");
  }

  #string() {
    /** @type {string[]} */
    const parts = [];
    let depth = 1;
    this.place += 1;
    while (this.place < this.text.length) {
      const sign = this.text.charAt(this.place);
      this.place += 1;
      if (sign === "\\") parts.push(this.#escape());
      else {
        if (sign === "(") depth += 1;
        else if (sign === ")" && (depth -= 1) === 0) break;
        parts.push(sign);
      }
    }
    return parts.join("");
  }

  #escape() {
    const octal = /^[0-7]{1,3}/.exec(this.text.slice(this.place, this.place + 3));
    if (octal) {
      this.place += octal[0].length;
      return String.fromCharCode(parseInt(octal[0], 8) & 0xff);
    }
    const sign = this.text.charAt(this.place);
    this.place += 1;
    if (sign === "\r" && this.text[this.place] === "\n") this.place += 1;
    return { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "\n": "", "\r": "" }[sign] ?? sign;
  }

  /** @param {number} depth */
  #array(depth) {
    this.place += 1;
    /** @type {any[]} */
    const found = [];
    for (let value = this.next(depth + 1); value !== undefined && value?.word !== "]"; value = this.next(depth + 1)) found.push(value);
    return found;
  }

  /** @param {number} depth */
  #dictionary(depth) {
    this.place += 2;
    /** @type {Dictionary} */
    const found = new Map();
    for (;;) {
      const key = this.next(depth + 1);
      if (typeof key?.name !== "string") return found;
      const value = this.next(depth + 1);
      if (value === undefined || value?.word === ">") return found;
      found.set(key.name, value);
    }
  }
}

/** All objects of a file, by number; the last one of a number holds. */
export class Objects {
  /**
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {Effort} effort
   */
  constructor(bytes, effort) {
    this.bytes = bytes;
    this.effort = effort;
    this.text = textOf(bytes);
    /** @type {Map<number, Found>} */
    this.found = new Map();
  }

  /** Find the objects, also those that are packed together in streams. Raise NotRead for a locked file. */
  async read() {
    if (/\/Encrypt[ \t\r\n]*(?:[0-9]|<<)/.test(this.text)) throw new NotRead("locked");
    const start = /[0-9]{1,10}[ \t\r\n]+[0-9]{1,5}[ \t\r\n]+obj\b/g;
    for (let mark = start.exec(this.text); mark; mark = start.exec(this.text)) {
      if (this.found.size > MOST_OBJECTS) throw new NotRead("large");
      this.effort.check();
      start.lastIndex = Math.max(this.#take(parseInt(mark[0], 10), start.lastIndex), start.lastIndex);
    }
    for (const found of [...this.found.values()]) if (kindOf(found.value) === "ObjStm") await this.#unpack(found);
  }

  /**
   * @param {number} number
   * @param {number} place
   * @returns {number} Where it ends.
   */
  #take(number, place) {
    const reader = new Reader(this.text, place);
    const value = reader.next();
    reader.skip();
    let [start, end] = [0, 0];
    if (value instanceof Map && this.text.startsWith("stream", reader.place)) {
      start = reader.place + 6 + (this.text.startsWith("\r\n", reader.place + 6) ? 2 : 1);
      const length = Number(value.get("Length"));
      const isTrue = length >= 0 && this.text.slice(start + length, start + length + 12).includes("endstream");
      end = isTrue ? start + length : this.text.indexOf("endstream", start);
      if (end < 0) end = this.text.length;
    }
    this.found.set(number, { value, start, end });
    return Math.max(reader.place, end);
  }

  /** @param {Found} packed */
  async #unpack(packed) {
    const content = await this.stream(packed);
    const [count, first] = [Number(this.at(packed.value.get("N"))), Number(this.at(packed.value.get("First")))];
    const heads = new Reader(content);
    for (let index = 0; index < Math.min(count, MOST_OBJECTS); index += 1) {
      const [number, offset] = [heads.next(), heads.next()];
      if (typeof number !== "number" || typeof offset !== "number") return;
      if (!this.found.has(number)) this.found.set(number, { value: new Reader(content, first + offset).next(), start: 0, end: 0 });
      this.effort.check();
    }
  }

  /**
   * Return what a value stands for: what it refers to, else itself.
   *
   * @param {any} value
   * @returns {any}
   */
  at(value) {
    for (let step = 0; step < MOST_DEEP && typeof value?.ref === "number"; step += 1) value = this.found.get(value.ref)?.value;
    return value;
  }

  /**
   * Return an entry of a dictionary, followed; undefined where there is none.
   *
   * @param {any} dictionary
   * @param {...string} path
   * @returns {any}
   */
  get(dictionary, ...path) {
    let value = this.at(dictionary);
    for (const name of path) value = value instanceof Map ? this.at(value.get(name)) : undefined;
    return value;
  }

  /**
   * Return the bytes of a stream as a text. Raise NotRead for one that is packed in a way we do not read.
   *
   * @param {any} value A stream, or what refers to it.
   * @returns {Promise<string>}
   */
  async stream(value) {
    const found = typeof value?.ref === "number" ? this.found.get(value.ref) : value;
    if (!found?.end || !(found.value instanceof Map)) return "";
    const given = this.get(found.value, "Filter");
    const filters = (Array.isArray(given) ? given : given ? [given] : []).map((one) => this.at(one)?.name);
    let bytes = this.bytes.subarray(found.start, found.end);
    for (const filter of filters) {
      if (!PLAIN.has(filter)) throw new NotRead("letters");
      bytes = await inflated(bytes, "deflate", this.effort, true);
    }
    if (this.get(found.value, "DecodeParms", "Predictor") > 1) throw new NotRead("letters");
    return textOf(bytes);
  }
}

/** @param {Uint8Array} bytes Each becomes a character; a decoder would read 0x80 to 0x9f as something else. */
const textOf = (bytes) => Array.from({ length: Math.ceil(bytes.length / AT_ONCE) }, (_, n) => String.fromCharCode(...bytes.subarray(n * AT_ONCE, (n + 1) * AT_ONCE))).join("");

/** @param {any} value */
export const kindOf = (value) => (value instanceof Map ? value.get("Type")?.name : undefined);
