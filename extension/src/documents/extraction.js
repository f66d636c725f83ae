/** Which reader a file gets: by its first bytes, whatever it is called. No chrome, no DOM. */

import { office } from "./office.js";
import { pdf } from "./pdf.js";
import { Effort, NotRead } from "./piece.js";
import { decoded, linesIn } from "./plain.js";
import { tableOf } from "./tables.js";
import { Zip } from "./zip.js";

/** @typedef {import("./piece.js").Extract} Extract */

const PDF = "%PDF-";
const ZIP = "PK\u0003\u0004";
/** Before Office 2007; also every Office file that is locked with a password. */
const OLE = "\u00d0\u00cf\u0011\u00e0";
/** A PDF may start a little later (ISO 32000-1, annex H). */
export const LOOKED_AT = 1024;

/** @typedef {Pick<Blob, "size" | "arrayBuffer">} Readable A file, or one that was read already. */

/**
 * Return the text of a file. What cannot be read is said in `unread`; nothing is raised.
 *
 * @param {Readable} file
 * @param {string} name
 * @param {Partial<typeof import("./piece.js").LIMITS>} [limits]
 * @returns {Promise<Extract>}
 */
export async function extract(file, name, limits) {
  try {
    return await read(file, name, new Effort(limits));
  } catch (error) {
    // A parser of somebody's file may meet anything; whatever it is, the file was not read.
    return { text: "", counts: {}, unread: error instanceof NotRead ? error.reason : "damaged" };
  }
}

/**
 * Return whether a file is read by a parser, and not as the text it is.
 *
 * @param {ArrayBuffer} bytes Its first ones at least.
 */
export function isDocument(bytes) {
  const start = startOf(new Uint8Array(bytes));
  return start.includes(PDF) || start.startsWith(ZIP);
}

/** @param {Uint8Array} bytes */
const startOf = (bytes) => new TextDecoder("latin1").decode(bytes.subarray(0, LOOKED_AT));

/**
 * @param {Readable} file
 * @param {string} name
 * @param {Effort} effort
 * @returns {Promise<Extract>}
 */
async function read(file, name, effort) {
  if (file.size > effort.limits.file) throw new NotRead("large");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const start = startOf(bytes);
  if (start.includes(PDF)) return pdf(bytes, effort);
  if (start.startsWith(ZIP)) return office(new Zip(bytes, effort), effort);
  if (start.startsWith(OLE)) throw new NotRead("locked");
  const text = decoded(bytes, effort);
  const table = /\.(?:csv|tsv|tab)$/i.test(name) ? tableOf(text, new Effort(effort.limits)) : null;
  if (table) return { text: table.text, counts: { rows: table.rows, columns: table.columns }, unread: null };
  return { text, counts: { lines: linesIn(text) }, unread: null };
}
