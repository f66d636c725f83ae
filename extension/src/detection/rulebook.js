/**
 * All rules compiled; the version is the hash of their content.
 *
 * @typedef {object} Rule
 * @property {string} id
 * @property {string} type
 * @property {string} category
 * @property {string} family
 * @property {string} severity
 * @property {string} recognizer
 * @property {string} pattern
 * @property {boolean} ignore_case
 * @property {"none" | "digit" | "word" | "token" | "path"} boundary
 * @property {string[]} keywords
 * @property {boolean} [keywords_inside] Whether every match holds one of the keywords; else they may stand anywhere.
 * @property {string[]} literals
 * @property {number} least_digits The longest run of digits of any match has at least this many.
 * @property {number} [least_token] The longest run of letters, digits, `_` and `-` of any match is at least as long.
 * @property {number} [least_unbroken] Longer than the least token: the longest run without white space of any match has at least so many characters.
 * @property {number} [longest_word] Of one that may stand alone: no match holds more ASCII letters in a row.
 * @property {string | null} validator
 * @property {number | null} entropy
 * @property {number | null} randomness
 * @property {string[]} stop_words
 * @property {number} confidence
 * @property {number} confidence_with_context
 * @property {string} [sort] What the model calls it.
 * @property {string[]} [company] Families or types of which one must be found too, where none of the rule's words is.
 * @property {import("./topic.js").Written} [topic] What words are worth for what a text may speak of.
 * @property {number} [least_words] So many different words must stand in the text.
 * @property {{need: "none" | "word" | "before" | "label", words: string[], within: number, edges: "whole" | "parts"}} context
 *
 * @typedef {{format: number, version: string, rules: Rule[], phones?: import("./recognizers/numbering.js").Plans, model?: import("./model/document.js").Sent}} Rulebook
 */

/**
 * Literals of which at least one must occur, in lower case, for the rule to be tried.
 *
 * @param {Rule} rule
 */
export function gate(rule) {
  if (rule.keywords.length) return rule.keywords;
  if (rule.literals.length) return rule.literals;
  return wantsWords(rule) ? rule.context.words : [];
}

/**
 * Literals of which every match of a rule holds one, as far as it is known. Where a rule has keywords nobody has looked
 * for its literals.
 *
 * @param {Rule} rule
 */
export function held({ keywords, keywords_inside: areInside, literals }) {
  if (!keywords.length) return literals;
  return areInside ? keywords : [];
}

/**
 * Return whether nothing is found without one of a rule's context words.
 *
 * @param {Rule} rule
 */
export function wantsWords({ context, company, recognizer }) {
  return context.need !== "none" && (!company || recognizer === "words");
}

/**
 * Return whether a match is more than a shape: a checksum, or what only a secret starts with.
 *
 * @param {Rule} rule
 */
export function isChecked(rule) {
  return rule.validator !== null || (rule.category === "secret" && rule.literals.length > 0);
}

/**
 * Return whether a text that is nothing but the value needs no word beside it.
 *
 * @param {Rule} rule
 */
export function mayStandAlone(rule) {
  return rule.validator !== null && rule.context.need !== "none";
}
