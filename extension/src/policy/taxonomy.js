/** Which settings are about the same findings; the twin of backend/policy/taxonomy.py. */

import { SETTINGS } from "./fields.js";

/** @typedef {[string, string, string, string]} Kind A rule's id, type, family and category. */

const CATEGORIES = ["phi", "pii", "secret"];
const FAMILIES = [
  "name", "contact", "location", "date", "government-id", "health-id", "financial-id", "card", "device", "network",
  "vehicle", "licence", "online-id", "secret", "health-term", "other", "custom",
];
const OWN = ["keywords", "patterns", "values"];

export class Taxonomy {
  /** @param {Kind[]} kinds */
  constructor(kinds) {
    this.kinds = kinds;
    /** @type {Map<string, Map<string, string[]>>} */
    this.known = new Map();
    for (const kind of kinds) {
      const steps = SETTINGS.map((group, number) => `${group}.${kind[number]}`);
      steps.forEach((path, number) => {
        const chain = [...steps.slice(number), "default_action"];
        const chains = this.known.get(path) ?? new Map();
        this.known.set(path, chains.set(chain.join("\n"), chain));
      });
    }
  }

  /**
   * Return the settings that may answer instead of `path`, the most specific first; a chain per kind.
   *
   * @param {string} path
   * @returns {string[][]}
   */
  chains(path) {
    const chains = this.known.get(path);
    if (chains) return [...chains.values()];
    const [group = "", name = ""] = path.split(".");
    return SETTINGS.includes(group) ? unknown(group, name) : [[path]];
  }

  /**
   * Return this and the rules that clients' own lists make, of any of these documents.
   *
   * @param {Record<string, any>[]} documents
   */
  withOwn(documents) {
    /** @type {Kind[]} */
    const own = documents.flatMap((document) =>
      OWN.flatMap((part) =>
        Object.entries(document.custom?.[part] ?? {}).map(([key, entry]) => /** @type {Kind} */ ([`custom-${key}`, "CUSTOM", "custom", entry.category ?? "pii"])),
      ),
    );
    return own.length ? new Taxonomy([...this.kinds, ...own]) : this;
  }
}

/**
 * Return every chain there could be: a floor anywhere then holds.
 *
 * @param {string} group
 * @param {string} name
 */
function unknown(group, name) {
  if (group === "categories") return [[`categories.${name}`, "default_action"]];
  const first = group === "families" ? [] : [`${group}.${name}`];
  const families = group === "families" ? [name] : FAMILIES;
  return families.flatMap((family) => CATEGORIES.map((category) => [...first, `families.${family}`, `categories.${category}`, "default_action"]));
}
