/** Rows of cells as text in which every cell stands behind the name of its column; the twin of backend/documents/tables.py. */

/** @typedef {import("./piece.js").Effort} Effort */

const DELIMITERS = [",", ";", "\t", "|"];
const SAMPLE = 8192;
const LONGEST_NAME = 60;
const ROWS_BETWEEN_CHECKS = 1000;

/** Rows as they come, with the first one as names where it looks like names. */
export class Table {
  /** @param {Effort} effort */
  constructor(effort) {
    this.effort = effort;
    /** @type {string[]} */
    this.lines = [];
    /** @type {string[]} */
    this.names = [];
    this.rows = 0;
    this.columns = 0;
  }

  /** @param {string[]} row */
  add(row) {
    if (!row.some((cell) => cell.trim())) return;
    const isHead = this.rows === 0 && looksLikeNames(row);
    if (isHead) this.names = row.map((name) => name.trim().replaceAll("_", " "));
    this.lines.push(this.effort.read(line(isHead ? [] : this.names, row)));
    this.rows += 1;
    this.columns = Math.max(this.columns, row.length);
    if (this.rows % ROWS_BETWEEN_CHECKS === 0) this.effort.check();
  }

  get text() {
    return this.lines.join("\n");
  }
}

/** @param {string[]} row */
function looksLikeNames(row) {
  const named = row.map((cell) => cell.trim()).filter(Boolean);
  return named.length > 0 && named.every((name) => name.length <= LONGEST_NAME && !/[0-9]/.test(name));
}

/**
 * @param {string[]} names
 * @param {string[]} row
 */
const line = (names, row) =>
  row
    .map((cell, number) => {
      const text = cell.split(/\s+/).filter(Boolean).join(" ");
      return names[number] && text ? `${names[number]}: ${text}` : text;
    })
    .join("\t");

/**
 * Return a CSV file as a table; null where it is none.
 *
 * @param {string} text
 * @param {Effort} effort
 */
export function tableOf(text, effort) {
  const delimiter = delimiterOf(text);
  if (!delimiter) return null;
  const table = new Table(effort);
  let place = 0;
  while (place < text.length) place = row(text, place, delimiter, table);
  return table;
}

/**
 * Return what divides the cells: what the first lines have equally often.
 *
 * @param {string} text
 */
function delimiterOf(text) {
  const lines = text.slice(0, SAMPLE).replace(/"[^"]*"/g, "").split("\n", 20).filter((one) => one.trim());
  if (lines.length > 1 && text.length > SAMPLE) lines.pop(); // cut short
  const ranked = DELIMITERS.map((delimiter) => {
    const counts = lines.map((one) => one.split(delimiter).length - 1);
    const usual = counts[0] ?? 0;
    return { delimiter, usual, alike: counts.filter((count) => count === usual).length };
  }).filter(({ usual, alike }) => usual > 0 && alike * 2 > lines.length);
  return ranked.toSorted((a, b) => b.alike - a.alike || b.usual - a.usual)[0]?.delimiter ?? null;
}

/**
 * Add one row (RFC 4180); return where the next one starts.
 *
 * @param {string} text
 * @param {number} start
 * @param {string} delimiter
 * @param {Table} table
 */
function row(text, start, delimiter, table) {
  /** @type {string[]} */
  const cells = [];
  let place = start;
  for (;;) {
    const [cell, end] = text[place] === '"' ? quoted(text, place + 1) : ["", place];
    let stop = end;
    while (stop < text.length && text[stop] !== delimiter && text[stop] !== "\n") stop += 1;
    cells.push(cell + text.slice(end, stop).replace(/\r$/, ""));
    place = stop + 1;
    if (text[stop] !== delimiter) break;
  }
  table.add(cells);
  return place;
}

/**
 * @param {string} text
 * @param {number} start
 * @returns {[string, number]} The cell, and where it ended.
 */
function quoted(text, start) {
  let cell = "";
  let place = start;
  for (;;) {
    const end = text.indexOf('"', place);
    if (end < 0) return [cell + text.slice(place), text.length];
    cell += text.slice(place, end);
    if (text[end + 1] !== '"') return [cell, end + 1];
    cell += '"';
    place = end + 2;
  }
}
