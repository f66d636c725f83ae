/**
 * What a detector answers: spans with a rule, never the text.
 *
 * @typedef {object} Finding
 * @property {string} rule
 * @property {string} type
 * @property {string} category
 * @property {string} family
 * @property {string} severity
 * @property {number} start Unicode code points of the text as it was given, half-open.
 * @property {number} end
 * @property {number} confidence
 * @property {string | null} context
 * @property {string | null} validator
 * @property {"label" | "near" | "behind"} [tie] How its context word stands to it: as its label, near it, or only behind it.
 */

export const SEVERITIES = ["low", "medium", "high", "critical"];
