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

/** Which placeholder stands for which value; as long as it is kept, the same value keeps its own. */
export class Placeholders {
  constructor() {
    /** @type {Map<string, string>} */
    this.known = new Map();
    /** @type {Map<string, number>} */
    this.counts = new Map();
  }

  /**
   * @param {string} type
   * @param {string} value
   */
  of(type, value) {
    const key = `${type}\0${value}`;
    const known = this.known.get(key);
    if (known) return known;
    const count = (this.counts.get(type) ?? 0) + 1;
    this.counts.set(type, count);
    const made = `[${type}_${count}]`;
    this.known.set(key, made);
    return made;
  }
}

/**
 * Return the replacements in text order, in UTF-16 offsets. Findings must not overlap.
 *
 * @param {string} text
 * @param {Pick<Finding, "type" | "start" | "end">[]} findings
 * @param {Placeholders} [placeholders] Those of earlier texts.
 */
export function replacements(text, findings, placeholders = new Placeholders()) {
  return findings
    .toSorted((a, b) => a.start - b.start)
    .map((finding) => {
      const [start, end] = toUtf16(text, finding.start, finding.end);
      return { start, end, placeholder: placeholders.of(finding.type, text.slice(start, end)) };
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
