/** The head of a column: a table names its values rows above them. */

import { firstAtLeast } from "./ascending.js";

/** How long a row may be. */
const LONGEST_ROW = 4096;
const BETWEEN_CELLS = ["|", "\t", ";", ","];

/** @typedef {{signs: number, first: number}} Row How many signs it has, and where the first of its table begins. */

/**
 * The tables of one text: rows of as many cells, one below the other, the first of them the head. Each row is looked at
 * once for each sign that may part its cells, however many values it has.
 */
export class Columns {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    /** By sign, where the cells of a row are parted, by where it begins. @type {Map<string, Map<number, number[]>>} */
    this.parted = new Map(BETWEEN_CELLS.map((sign) => [sign, new Map()]));
    /** By sign, the rows that were looked at by where they begin. @type {Map<string, Map<number, Row>>} */
    this.rows = new Map(BETWEEN_CELLS.map((sign) => [sign, new Map()]));
    /** Whether a line goes before one of as many cells, by where it begins. @type {Map<number, boolean>} */
    this.heads = new Map();
  }

  /**
   * Return where the first row of a table names the column in which a value starts.
   *
   * @param {number} start
   * @returns {[number, number] | null}
   */
  head(start) {
    const line = lastBreak(this.text, Math.max(0, start - LONGEST_ROW), start) + 1;
    const table = line ? this.#tableAbove(line) : null;
    if (!table) return null;
    return this.#cell(table.first, table.sign, firstAtLeast(this.#apart(table.sign, line), start));
  }

  /**
   * Return the first row of the table that goes on where a line begins, with its end; "" where none does.
   *
   * @param {number} line
   */
  headAbove(line) {
    const table = this.text[line - 1] === "\n" ? this.#tableAbove(line) : null;
    return table ? this.text.slice(table.first, endOfLine(this.text, table.first) + 1) : "";
  }

  /**
   * Return what parts the cells of a row that has others above, and where the first of them begins.
   *
   * @param {number} line
   */
  #tableAbove(line) {
    for (const sign of BETWEEN_CELLS) {
      const signs = this.#signs(sign, line);
      const first = signs ? this.#firstRow(sign, line, signs) : line;
      if (first < line) return { sign, first };
    }
    return null;
  }

  /**
   * Whether a place is in the first row of a table.
   *
   * @param {number} place
   */
  isInHead(place) {
    const line = lastBreak(this.text, Math.max(0, place - LONGEST_ROW), place) + 1;
    let isHead = this.heads.get(line);
    if (isHead === undefined) this.heads.set(line, (isHead = this.#isBeforeRow(line)));
    return isHead;
  }

  /** @param {number} line */
  #isBeforeRow(line) {
    const end = endOfLine(this.text, line);
    const isAlike = (/** @type {number} */ signs, /** @type {string} */ sign) => signs > 0 && this.#signs(sign, end + 1) === signs;
    return end < this.text.length && BETWEEN_CELLS.some((sign) => isAlike(this.#signs(sign, line), sign));
  }

  /**
   * @param {string} sign
   * @param {number} line
   */
  #signs(sign, line) {
    const known = this.rows.get(sign)?.get(line);
    if (known) return known.signs;
    const row = this.text.slice(line, endOfLine(this.text, line));
    return row.includes('"') ? this.#apart(sign, line).length : row.split(sign).length - 1;
  }

  /**
   * Return where cells of a row are parted: not within quotation marks (RFC 4180, section 2.6).
   *
   * @param {string} sign
   * @param {number} line
   */
  #apart(sign, line) {
    const parted = /** @type {Map<number, number[]>} */ (this.parted.get(sign));
    let places = parted.get(line);
    if (places) return places;
    parted.set(line, (places = []));
    const row = this.text.slice(line, endOfLine(this.text, line));
    const isQuoting = row.split('"').length % 2 === 1;
    let isOutside = true;
    for (let place = 0; place < row.length; place += 1) {
      if (row[place] === '"' && isQuoting) isOutside = !isOutside;
      else if (row[place] === sign && isOutside) places.push(line + place);
    }
    return places;
  }

  /**
   * Return where the rows above begin that have as many signs.
   *
   * @param {string} sign
   * @param {number} line
   * @param {number} signs
   */
  #firstRow(sign, line, signs) {
    const rows = /** @type {Map<number, Row>} */ (this.rows.get(sign));
    const below = [];
    let first = line;
    for (let row = line; ; ) {
      const known = rows.get(row);
      if (known) first = known.first;
      if (known) break;
      below.push(row);
      first = row;
      const above = lastBreak(this.text, Math.max(0, row - 1 - LONGEST_ROW), Math.max(0, row - 1)) + 1;
      const isTooLong = !above && row - 1 > LONGEST_ROW;
      if (!row || isTooLong || this.#signs(sign, above) !== signs) break;
      row = above;
    }
    for (const row of below) rows.set(row, { signs, first });
    return first;
  }

  /**
   * @param {number} row
   * @param {string} sign
   * @param {number} before
   * @returns {[number, number]}
   */
  #cell(row, sign, before) {
    const places = this.#apart(sign, row);
    return [before ? Number(places[before - 1]) + 1 : row, places[before] ?? endOfLine(this.text, row)];
  }
}

/**
 * @param {string} text
 * @param {number} start
 */
function endOfLine(text, start) {
  const end = text.slice(start, start + LONGEST_ROW).indexOf("\n");
  return end < 0 ? Math.min(text.length, start + LONGEST_ROW) : start + end;
}

/**
 * Return where the last line between two places ends, -1 for none.
 *
 * @param {string} text
 * @param {number} first
 * @param {number} end
 */
function lastBreak(text, first, end) {
  const place = text.slice(first, end).lastIndexOf("\n");
  return place < 0 ? -1 : first + place;
}
