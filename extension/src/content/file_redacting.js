/** Files of plain text with what was found in them replaced, written as they were written before. */

import { replacements } from "../detection/masking.js";
import { extract } from "../documents/extraction.js";
import { readPlain, writePlain } from "../documents/plain.js";
import { stops } from "../policy/decide.js";
import { judgeFile } from "./file_judging.js";
import { byValue, replaced } from "./replacing.js";

/** @typedef {import("./file_judging.js").JudgedFile} JudgedFile */
/** @typedef {import("./replacing.js").Change} Change */
/** @typedef {Map<JudgedFile, {file: File, changes: Change[]}>} RedactedFiles */

/** Each of thousands of values would be looked for in all of a longer text. */
const LONGEST = 4 * 1024 * 1024;

/**
 * Return what may be given on in place of each stopped file; nothing where one of them cannot be redacted.
 * A document (Word, Excel, PDF) would have to be written anew, with everything we do not read in it.
 *
 * @param {import("./guard.js").Guard} guard
 * @param {File[]} files
 * @param {JudgedFile[]} judged In the order of the files.
 * @returns {Promise<RedactedFiles>}
 */
export async function redactedFiles(guard, files, judged) {
  /** @type {RedactedFiles} */
  const made = new Map();
  for (const [place, one] of judged.entries()) {
    if (!stops(one.judgement.action)) continue;
    const found = await redactedFile(guard, /** @type {File} */ (files[place]), one);
    if (!found) return new Map();
    made.set(one, found);
  }
  return made;
}

/**
 * @param {import("./guard.js").Guard} guard
 * @param {File} file
 * @param {JudgedFile} one
 */
async function redactedFile(guard, file, { judgement, text, unread, channel }) {
  if (unread || !judgement.remedies.includes("redact") || file.size > LONGEST) return null;
  const changes = replacements(text, judgement.toRedact.flatMap((place) => judgement.findings[place] ?? []), guard.restoring.placeholders);
  const plain = await plainOf(file);
  if (!plain || !changes.length) return null;
  const whole = `${file.name}\n${plain.text}`;
  // A table was read with its headings beside its values.
  const clean = whole === text ? replaced(text, changes) : byValue(text, changes)(whole);
  const end = clean.indexOf("\n");
  const made = new File([writePlain({ ...plain, text: clean.slice(end + 1) })], clean.slice(0, end), { type: file.type, lastModified: file.lastModified });
  const again = await judgeFile(guard, made, await extract(made, made.name), channel, false);
  return stops(again.judgement.action) ? null : { file: made, changes };
}

/** @param {File} file */
async function plainOf(file) {
  try {
    return readPlain(new Uint8Array(await file.arrayBuffer()));
  } catch {
    return null; // no text
  }
}
