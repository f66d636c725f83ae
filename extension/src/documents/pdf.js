/** PDF files, page by page: the texts that are shown, in the order they are shown (ISO 32000-1, 9.4). */

import { fontOf, lettersIn } from "./pdf_fonts.js";
import { kindOf, Objects, Reader } from "./pdf_objects.js";
import { NotRead } from "./piece.js";

/** @typedef {import("./piece.js").Effort} Effort */
/** @typedef {import("./piece.js").Extract} Extract */
/** @typedef {import("./pdf_fonts.js").Font} Font */
/** @typedef {{font: Font | null, size: number, scale: number, x: number, end: number, y: number}} Place Where a text starts, and where its letters end. */

const MOST_NESTED = 8;
const MOST_OPERANDS = 512;
/** A gap of so much of a letter's height is a space between words. */
const GAP = 0.2;
/** Where more than this share of the letters is unknown, what we have is not what a person reads. */
const MOST_UNKNOWN = 0.1;

/**
 * Return what a PDF file says. Raise NotRead for one that is locked, damaged, or only pictures.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Effort} effort
 * @returns {Promise<Extract>}
 */
export async function pdf(bytes, effort) {
  const objects = new Objects(bytes, effort);
  await objects.read();
  const pages = [...objects.found.values()].map(({ value }) => value).filter((value) => kindOf(value) === "Page");
  if (!pages.length) throw new NotRead("damaged");
  const shown = new Shown(objects);
  /** @type {string[]} */
  const texts = [];
  let isPicture = false;
  for (const page of pages) {
    const text = await shown.page(page);
    isPicture ||= !text.trim() && shown.hasPicture;
    texts.push(effort.read(text));
  }
  const text = [...texts, ...beside(objects, effort)].join("\n");
  if (shown.unknown > shown.count * MOST_UNKNOWN) return { text, counts: { pages: pages.length }, unread: "letters" };
  if (!texts.some((one) => one.trim())) throw new NotRead(isPicture ? "pictures" : "letters");
  return { text, counts: { pages: pages.length }, unread: isPicture ? "pictures" : null };
}

/**
 * Return what stands in forms, notes, links and titles.
 *
 * @param {Objects} objects
 * @param {Effort} effort
 */
function beside(objects, effort) {
  const wanted = ["V", "Contents", "URI", "Title", "Author", "Subject", "Keywords"];
  return [...objects.found.values()].flatMap(({ value }) =>
    value instanceof Map ? wanted.flatMap((name) => (typeof value.get(name) === "string" ? [effort.read(said(value.get(name)))] : [])) : [],
  );
}

/** @param {string} text A text string: Latin, or UTF-16 with a mark. */
const said = (text) => (text.startsWith("\u00fe\u00ff") ? new TextDecoder("utf-16be").decode(Uint8Array.from(text, (sign) => sign.charCodeAt(0))) : text);

class Shown {
  /** @param {Objects} objects */
  constructor(objects) {
    this.objects = objects;
    /** @type {Map<any, Font>} */
    this.fonts = new Map();
    this.unknown = 0;
    this.count = 0;
    this.hasPicture = false;
    /** @type {string[]} */
    this.parts = [];
  }

  /** @param {any} page */
  async page(page) {
    this.parts = [];
    this.hasPicture = false;
    const given = page.get("Contents");
    const contents = Array.isArray(this.objects.at(given)) ? this.objects.at(given) : [given];
    /** @type {string[]} */
    const streams = [];
    for (const one of contents) streams.push(await this.objects.stream(one));
    await this.#run(streams.join("\n"), this.#resources(page), 0);
    return this.parts.join("");
  }

  /**
   * Return a page's resources, or those of the pages above it.
   *
   * @param {any} page
   */
  #resources(page) {
    for (let [node, step] = [page, 0]; node instanceof Map && step < MOST_NESTED; node = this.objects.get(node, "Parent"), step += 1) {
      if (node.has("Resources")) return this.objects.get(node, "Resources");
    }
    return undefined;
  }

  /**
   * @param {string} content
   * @param {any} resources
   * @param {number} depth
   * @returns {Promise<void>}
   */
  async #run(content, resources, depth) {
    const reader = new Reader(content);
    /** @type {Place} */
    const at = { font: null, size: 1, scale: 1, x: 0, end: 0, y: 0 };
    /** @type {any[]} */
    let operands = [];
    for (let value = reader.next(); value !== undefined; value = reader.next()) {
      if (typeof value?.word !== "string") {
        operands.push(value);
        if (operands.length > MOST_OPERANDS) throw new NotRead("damaged");
        continue;
      }
      this.objects.effort.check();
      if (value.word === "Tf") {
        at.font = await this.#font(this.objects.at(this.objects.get(resources, "Font"))?.get?.(operands[0]?.name));
        at.size = Math.abs(Number(operands[1])) || 1;
      } else if (value.word === "Do") await this.#draw(this.objects.get(resources, "XObject")?.get?.(operands[0]?.name), resources, depth);
      else if (value.word === "BI") {
        this.hasPicture = true;
        const end = content.indexOf("EI", reader.place);
        reader.place = end < 0 ? content.length : end + 2;
      } else this.#show(value.word, operands, at);
      operands = [];
    }
  }

  /**
   * @param {any} reference
   * @param {any} resources
   * @param {number} depth
   */
  async #draw(reference, resources, depth) {
    const kind = this.objects.get(reference, "Subtype")?.name;
    if (kind === "Image") this.hasPicture = true;
    if (kind !== "Form" || depth >= MOST_NESTED) return;
    await this.#run(await this.objects.stream(reference), this.objects.get(reference, "Resources") ?? resources, depth + 1);
  }

  /** @param {any} reference */
  async #font(reference) {
    const key = typeof reference?.ref === "number" ? reference.ref : reference;
    const known = this.fonts.get(key) ?? (await fontOf(this.objects, reference));
    this.fonts.set(key, known);
    return known;
  }

  /**
   * @param {string} operator
   * @param {any[]} operands
   * @param {Place} at
   */
  #show(operator, operands, at) {
    const [first = 0, second = 0, , , x = 0, y = 0] = operands.map(Number);
    if (operator === "BT") Object.assign(at, { scale: 1, x: 0, end: 0, y: 0 });
    else if (operator === "Td" || operator === "TD") this.#move(at, at.x + first * at.scale, at.y + second * at.scale);
    else if (operator === "Tm") {
      at.scale = Math.abs(first) || Math.abs(second) || 1;
      this.#move(at, x, y);
    } else if (["T*", "'", '"', "ET"].includes(operator)) this.#add("\n");
    if (["Tj", "'", '"'].includes(operator)) this.#letters(at, operands.at(-1));
    else if (operator === "TJ" && Array.isArray(operands[0])) for (const part of operands[0]) this.#letters(at, part);
  }

  /**
   * @param {Place} at
   * @param {number} x
   * @param {number} y
   */
  #move(at, x, y) {
    const gap = x - at.end;
    if (Math.abs(y - at.y) > 0.01) this.#add("\n");
    else if (x < at.x || gap > GAP * at.size * at.scale) this.#add(" ");
    Object.assign(at, { x, y, end: x });
  }

  /**
   * @param {Place} at
   * @param {any} part A text, or how far the next one is moved back in thousandths.
   */
  #letters(at, part) {
    if (typeof part === "number") {
      if (part < -1000 * GAP) this.#add(" ");
      at.end -= (part / 1000) * at.size * at.scale;
    }
    if (typeof part !== "string" || !at.font) return;
    const { text, width, unknown, count } = lettersIn(at.font, part);
    this.unknown += unknown;
    this.count += count;
    at.end += width * at.size * at.scale;
    this.parts.push(text);
  }

  /** @param {string} space */
  #add(space) {
    const last = this.parts.at(-1);
    if (last && !/\s$/.test(last)) this.parts.push(space);
  }
}
