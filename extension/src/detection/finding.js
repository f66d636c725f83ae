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
 */

export const SEVERITIES = ["low", "medium", "high", "critical"];

/**
 * Say why this was found: the shape, the checksum, the word beside it.
 *
 * @param {Finding} finding
 */
export function reason(finding) {
  const parts = [`has the shape of ${finding.type}`];
  if (finding.validator) parts.push(`passes the ${finding.validator.replaceAll("_", " ")} check`);
  if (finding.context) parts.push(`stands near "${finding.context}"`);
  return parts.join(", ");
}
