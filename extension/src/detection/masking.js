/** Replaces findings by typed placeholders, the same value always by the same one. */

import { toUtf16 } from "./spans.js";

/** @typedef {import("./finding.js").Finding} Finding */

/**
 * Return what a person sees instead of the value: `[us-ssn]`.
 *
 * @param {Pick<Finding, "rule">} finding
 */
export function mask(finding) {
  return `[${finding.rule}]`;
}

/**
 * Return the replacements in text order, in UTF-16 offsets. Findings must not overlap.
 *
 * @param {string} text
 * @param {Pick<Finding, "type" | "start" | "end">[]} findings
 */
export function replacements(text, findings) {
  /** @type {Map<string, string>} */
  const placeholders = new Map();
  /** @type {Map<string, number>} */
  const counts = new Map();
  return findings
    .toSorted((a, b) => a.start - b.start)
    .map((finding) => {
      const [start, end] = toUtf16(text, finding.start, finding.end);
      const key = `${finding.type}\0${text.slice(start, end)}`;
      let placeholder = placeholders.get(key);
      if (!placeholder) {
        const count = (counts.get(finding.type) ?? 0) + 1;
        counts.set(finding.type, count);
        placeholder = `[${finding.type}_${count}]`;
        placeholders.set(key, placeholder);
      }
      return { start, end, placeholder };
    });
}

/**
 * Return `text` with every finding replaced: `[US_SSN_1]`.
 *
 * @param {string} text
 * @param {Pick<Finding, "type" | "start" | "end">[]} findings
 */
export function redact(text, findings) {
  let redacted = "";
  let position = 0;
  for (const { start, end, placeholder } of replacements(text, findings)) {
    redacted += text.slice(position, start) + placeholder;
    position = end;
  }
  return redacted + text.slice(position);
}
