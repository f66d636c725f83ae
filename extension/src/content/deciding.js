/** A verdict for a text that is held: from here, from the server where the policy asks for it, and recorded. */

import { toUtf16 } from "../detection/spans.js";
import { uuid7 } from "../messages.js";
import { mustAskServer, ofLocal, ofServer, withoutServer } from "./judging.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("./judging.js").Judgement} Judgement */

/**
 * Return what was decided, and recorded; null where there is nothing to decide by.
 *
 * @param {import("./guard.js").Guard} guard
 * @param {string} whole
 * @returns {Promise<Judgement | null>}
 */
export async function judgedBy(guard, whole) {
  const { known } = guard;
  await known.ready();
  await known.prepare(whole, guard.channel);
  const { rules, isInForce } = known;
  if (!rules || !isInForce) return null;
  const local = known.judge(whole, guard.channel);
  // An answer that comes too late and the verdict taken without it are one and the same entry.
  const id = uuid7();
  const judged = mustAskServer(rules, local) ? await asked(guard, id, whole, local) : ofLocal(local, id);
  if (!judged.isRecorded) guard.record(judged, whole);
  return judged;
}

/**
 * @param {import("./guard.js").Guard} guard
 * @param {string} id
 * @param {string} whole
 * @param {import("./judging.js").Local} local
 */
async function asked({ known, link, channel }, id, whole, local) {
  const rules = /** @type {Rules} */ (known.rules);
  const verdict = await link.judge(id, whole, known.host, channel);
  return verdict ? ofServer(verdict, local) : withoutServer(rules, local, id);
}

/**
 * Return what was found, as it stands in the text.
 *
 * @param {string} whole
 * @param {{findings: {start: number, end: number}[]}} judged
 */
export const valuesIn = (whole, { findings }) => findings.map(({ start, end }) => whole.slice(...toUtf16(whole, start, end)));
