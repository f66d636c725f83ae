/** Word documents, Excel workbooks and PowerPoint presentations (ECMA-376): all texts of all parts. */

import { NotRead } from "./piece.js";
import { Sheets } from "./sheets.js";
import { attribute, scan } from "./xml.js";

/** @typedef {import("./piece.js").Effort} Effort */
/** @typedef {import("./piece.js").Extract} Extract */
/** @typedef {import("./zip.js").Zip} Zip */

/** Parts that hold no words of the author. */
const WORD_PARTS = /^word\/(?!(?:styles|settings|webSettings|fontTable|numbering|stylesWithEffects)\.xml$)[^/]+\.xml$/;
const SLIDE_PARTS = /^ppt\/(?:slides|notesSlides|comments)\/[^/]+\.xml$/;
const BESIDE_CELLS = /^xl\/(?:comments[^/]*|threadedComments\/[^/]+|drawings\/[^/]+)\.xml$/;
const LINKS = /\.rels$/;
const TEXTS = new Set(["t", "delText", "instrText", "text"]);
const SAID = new Set(["title", "subject", "keywords", "description"]);

/**
 * Return what an Office file says. Raise NotRead for an archive of another kind.
 *
 * @param {Zip} zip
 * @param {Effort} effort
 * @returns {Promise<Extract>}
 */
export async function office(zip, effort) {
  const reader = [
    { is: "word/document.xml", read: word },
    { is: "xl/workbook.xml", read: workbook },
    { is: "ppt/presentation.xml", read: presentation },
  ].find(({ is }) => zip.entries.has(is));
  if (!reader) throw new NotRead("kind");
  const { text, counts } = await reader.read(zip, effort);
  const beside = [await properties(zip, effort), await links(zip, effort)];
  return { text: [text, ...beside].filter(Boolean).join("\n"), counts, unread: null };
}

/**
 * @param {Zip} zip
 * @param {Effort} effort
 */
async function word(zip, effort) {
  const text = await texts(zip, zip.names(WORD_PARTS), effort);
  const pages = Number(/<Pages>([0-9]{1,6})<\/Pages>/.exec(await zip.text("docProps/app.xml"))?.[1] ?? 0);
  return { text, counts: pages ? { pages } : { lines: text.split("\n").length } };
}

/**
 * @param {Zip} zip
 * @param {Effort} effort
 */
async function presentation(zip, effort) {
  return { text: await texts(zip, zip.names(SLIDE_PARTS), effort), counts: { pages: zip.names(/^ppt\/slides\/[^/]+\.xml$/).length } };
}

/**
 * @param {Zip} zip
 * @param {Effort} effort
 */
async function workbook(zip, effort) {
  const sheets = await new Sheets(zip, effort).read();
  const beside = await texts(zip, zip.names(BESIDE_CELLS), effort);
  return { text: [sheets.text, beside].filter(Boolean).join("\n"), counts: sheets.counts };
}

/**
 * Return the texts of parts: a paragraph is a line, a cell of a table is followed by a tab.
 *
 * @param {Zip} zip
 * @param {string[]} names
 * @param {Effort} effort
 */
async function texts(zip, names, effort) {
  /** @type {string[]} */
  const parts = [];
  for (const name of names) {
    const xml = await zip.text(name);
    let depth = 0;
    const start = (/** @type {string} */ tag, /** @type {string} */ _, /** @type {boolean} */ isEmpty) => {
      if (tag === "tab") parts.push("\t");
      else if (tag === "br" || tag === "cr") parts.push("\n");
      else if (TEXTS.has(tag) && !isEmpty) depth += 1;
    };
    const end = (/** @type {string} */ tag) => {
      if (TEXTS.has(tag)) depth -= 1;
      else if (tag === "tc") parts.push("\t");
      else if (tag === "p" || tag === "tr") parts.push("\n");
    };
    scan(xml, start, (text) => depth > 0 && parts.push(effort.read(text)), end);
    parts.push("\n");
    effort.check();
  }
  return parts.join("").replace(/\n{2,}/g, "\n").trim();
}

/**
 * Return what a document says of itself; when it was made and by whom is in every one.
 *
 * @param {Zip} zip
 * @param {Effort} effort
 */
async function properties(zip, effort) {
  const xml = await zip.text("docProps/core.xml");
  /** @type {string[]} */
  const found = [];
  let isSaid = false;
  scan(
    xml,
    (tag) => (isSaid = SAID.has(tag)),
    (text) => isSaid && found.push(effort.read(text)),
    () => (isSaid = false),
  );
  return found.join("\n");
}

/**
 * Return what links point at: an address may stand nowhere else.
 *
 * @param {Zip} zip
 * @param {Effort} effort
 */
async function links(zip, effort) {
  /** @type {string[]} */
  const found = [];
  for (const name of zip.names(LINKS)) {
    scan(
      await zip.text(name),
      (tag, attributes) => tag === "Relationship" && attribute(attributes, "TargetMode") === "External" && found.push(effort.read(attribute(attributes, "Target"))),
      () => undefined,
      () => undefined,
    );
  }
  return found.join("\n");
}
