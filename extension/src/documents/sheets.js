/** The cells of an Excel workbook as people see them: shared texts put in, dates as dates. */

import { Table } from "./tables.js";
import { attribute, scan } from "./xml.js";

/** @typedef {import("./piece.js").Effort} Effort */
/** @typedef {import("./zip.js").Zip} Zip */

const SHEETS = /^xl\/worksheets\/[^/]+\.xml$/;
/** Number formats that are dates without saying so (ECMA-376, 18.8.30). */
const DATE_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 57, 58]);
const DAY_MS = 86_400_000;
const EPOCH = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
const LAST_DAY = 2_958_465;
const MOST_COLUMNS = 16_384;

export class Sheets {
  /**
   * @param {Zip} zip
   * @param {Effort} effort
   */
  constructor(zip, effort) {
    this.zip = zip;
    this.effort = effort;
    /** @type {string[]} */
    this.shared = [];
    /** Styles, by number, that show a date. @type {boolean[]} */
    this.isDate = [];
    this.epoch = EPOCH;
  }

  /** @returns {Promise<{text: string, counts: import("./piece.js").Counts}>} */
  async read() {
    const book = await this.zip.text("xl/workbook.xml");
    if (/date1904\s*=\s*["'](?:1|true)["']/.test(book)) this.epoch = EPOCH_1904;
    /** @type {string[]} */
    const parts = [];
    scan(book, (tag, attributes) => tag === "sheet" && parts.push(attribute(attributes, "name")), () => undefined, () => undefined);
    this.#takeShared(await this.zip.text("xl/sharedStrings.xml"));
    this.#takeStyles(await this.zip.text("xl/styles.xml"));
    const names = this.zip.names(SHEETS);
    const counts = { rows: 0, columns: 0, sheets: names.length };
    for (const name of names) {
      const table = this.#table(await this.zip.text(name));
      parts.push(table.text);
      counts.rows += table.rows;
      counts.columns = Math.max(counts.columns, table.columns);
    }
    return { text: parts.join("\n"), counts };
  }

  /** @param {string} xml */
  #takeShared(xml) {
    let text = "";
    let depth = 0;
    scan(
      xml,
      (tag, _, isEmpty) => {
        if (tag === "si") text = "";
        if (tag === "si" && isEmpty) this.shared.push("");
        if (tag === "t" && !isEmpty) depth += 1;
      },
      (part) => depth && (text += part),
      (tag) => {
        if (tag === "si") this.shared.push(text);
        else if (tag === "t") depth -= 1;
      },
    );
    this.effort.check();
  }

  /** @param {string} xml */
  #takeStyles(xml) {
    /** @type {Set<number>} */
    const dates = new Set(DATE_FORMATS);
    let isCell = false;
    scan(
      xml,
      (tag, attributes) => {
        const id = Number(attribute(attributes, "numFmtId"));
        if (tag === "numFmt" && saysDate(attribute(attributes, "formatCode"))) dates.add(id);
        else if (tag === "cellXfs") isCell = true;
        else if (tag === "xf" && isCell) this.isDate.push(dates.has(id));
      },
      () => undefined,
      (tag) => tag === "cellXfs" && (isCell = false),
    );
  }

  /** @param {string} xml */
  #table(xml) {
    const table = new Table(this.effort);
    /** @type {string[]} */
    let row = [];
    let cell = { kind: "", style: 0, column: 0, value: "" };
    let isValue = false;
    scan(
      xml,
      (tag, attributes, isEmpty) => {
        if (tag === "row") row = [];
        else if (tag === "c") cell = { kind: attribute(attributes, "t"), style: Number(attribute(attributes, "s")), column: columnOf(attribute(attributes, "r"), row.length), value: "" };
        else if ((tag === "v" || tag === "t") && !isEmpty) isValue = true;
      },
      (text) => isValue && (cell.value += text),
      (tag) => {
        if (tag === "v" || tag === "t") isValue = false;
        else if (tag === "c") put(row, cell.column, this.#shown(cell));
        else if (tag === "row") table.add(row);
      },
    );
    return table;
  }

  /** @param {{kind: string, style: number, value: string}} cell */
  #shown({ kind, style, value }) {
    if (kind === "s") return this.shared[Number(value)] ?? "";
    const isNumber = (kind === "" || kind === "n") && value !== "";
    return isNumber && this.isDate[style] ? dateOf(Number(value), this.epoch, value) : value;
  }
}

/**
 * @param {string[]} row
 * @param {number} column
 * @param {string} value
 */
function put(row, column, value) {
  while (row.length < column) row.push("");
  row[column] = value;
}

/**
 * Return the number of a cell's column, from 0: "B7" is 1. A cell without a name follows the one before.
 *
 * @param {string} name
 * @param {number} next
 */
function columnOf(name, next) {
  let number = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(name)?.[0] ?? "") number = number * 26 + letter.charCodeAt(0) - 64;
  return number > 0 && number <= MOST_COLUMNS ? number - 1 : next;
}

/** @param {string} format */
const saysDate = (format) => /[dy]/i.test(format.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ""));

/**
 * @param {number} days
 * @param {number} epoch
 * @param {string} written What stands where it is no date.
 */
const dateOf = (days, epoch, written) => (days >= 1 && days <= LAST_DAY ? new Date(epoch + Math.floor(days) * DAY_MS).toISOString().slice(0, 10) : written);
