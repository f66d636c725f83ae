/** One file judged: its name and its text by the rules for prompts, what cannot be read by the policy's field for that. */

import { uuid7 } from "../messages.js";
import { UNREADABLE_FILE } from "../policy/policy.js";
import { mustAskServer, ofLocal, ofServer, withoutServer } from "./judging.js";

/** @typedef {import("../documents/piece.js").Extract} Extract */
/** @typedef {import("../detection/finding.js").Finding} Finding */
/** @typedef {import("./judging.js").Judgement} Judgement */
/** @typedef {{name: string, counts: import("../documents/piece.js").Counts, unread: import("../documents/piece.js").Reason | null, judgement: Judgement, text: string, channel: string}} JudgedFile */

/** The server takes no longer text. */
const LONGEST_FOR_SERVER = 200_000;

/** A file that nobody could read, as a finding: so the audit log, the feed and every count know of it. */
const UNREADABLE = /** @type {Finding} */ ({
  rule: "unreadable-file", type: UNREADABLE_FILE, category: "pii", family: "other", severity: "medium", start: 0, end: 1, confidence: 1, context: null, validator: null,
});

/**
 * @param {import("./guard.js").Guard} guard
 * @param {File} file
 * @param {Extract} extracted
 * @param {string} channel
 * @param {boolean} [mayAsk] Whether the server may be asked.
 * @returns {Promise<JudgedFile>}
 */
export async function judgeFile(guard, file, extracted, channel, mayAsk = true) {
  // The name leaves too.
  const text = `${file.name}\n${extracted.text}`;
  const found = await guard.known.foundInLong(text);
  const unread = extracted.unread ?? (found.isWhole ? null : "slow");
  const local = guard.known.decideOn({ ...found, findings: unread ? [UNREADABLE, ...found.findings] : found.findings }, channel);
  return { name: file.name, counts: extracted.counts, unread, judgement: await judged(guard, text, local, channel, mayAsk && !unread), text, channel };
}

/**
 * The server knows nothing of what could not be read, and takes no text of any length: then we decide.
 *
 * @param {import("./guard.js").Guard} guard
 * @param {string} text
 * @param {import("./judging.js").Local} local
 * @param {string} channel
 * @param {boolean} mayAsk
 * @returns {Promise<Judgement>}
 */
async function judged(guard, text, local, channel, mayAsk) {
  const rules = /** @type {import("../messages.js").Rules} */ (guard.known.rules);
  const id = uuid7();
  if (!mayAsk || !mustAskServer(rules, local)) return ofLocal(local, id);
  const verdict = text.length > LONGEST_FOR_SERVER ? null : await guard.link.judge(id, text, guard.known.host, channel);
  return verdict ? ofServer(verdict, local) : withoutServer(rules, local, id);
}
