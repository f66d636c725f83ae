/** A policy document as a flat map of its fields; the twin of backend/policy/fields.py. */

/** @typedef {Record<string, any>} Fields */
/** @typedef {Record<string, any>} Document */

/** Groups of settings, the most specific first. */
export const SETTINGS = ["rules", "entities", "families", "categories"];
const ATTRIBUTES = ["on_unavailable", "promote"];
export const SHADOW = "shadow:";
const NESTED = ["custom", "translations"];
const FLAT_GROUPS = ["services", "files", "remedies", "messages", "switches"];

/**
 * Return the fields of a document, whole or partial; `format` is none.
 *
 * @param {Document} document
 * @returns {Fields}
 */
export function fieldsOf(document) {
  /** @type {[string, any][]} */
  const found = [];
  for (const [key, value] of Object.entries(document)) {
    if (SETTINGS.includes(key)) found.push(...settings(key, value));
    else if (key === "combinations") found.push(...value.map((/** @type {any} */ one) => [combinationPath(one), one.action]));
    else if (NESTED.includes(key)) for (const [part, entries] of Object.entries(value)) found.push(...named(`${key}.${part}`, entries));
    else if (FLAT_GROUPS.includes(key)) found.push(...named(key, value));
    else if (key !== "format") found.push([key, value]);
  }
  return Object.fromEntries(found);
}

/**
 * @param {string} path
 * @param {Record<string, any>} entries
 * @returns {[string, any][]}
 */
const named = (path, entries) => Object.entries(entries).map(([name, entry]) => [`${path}.${name}`, entry]);

/**
 * @param {string} group
 * @param {Record<string, any>} given
 * @returns {[string, any][]}
 */
function settings(group, given) {
  return Object.entries(given).flatMap(([name, setting]) => {
    const path = `${group}.${name}`;
    if (setting === null) return [[path, null]];
    /** @type {[string, any][]} */
    const said = ATTRIBUTES.filter((one) => Object.hasOwn(setting, one)).map((one) => [`${path}.${one}`, setting[one]]);
    if (Object.hasOwn(setting, "action")) said.unshift([path, setting.mode === "shadow" ? SHADOW + setting.action : setting.action]);
    return said;
  });
}

/** @param {{families: string[], with_families: string[]}} combination */
const combinationPath = ({ families, with_families: others }) => `combinations.${families.toSorted().join("+")}/${others.toSorted().join("+")}`;

/**
 * Return the document of fields.
 *
 * @param {Fields} fields
 * @returns {Document}
 */
export function documentOf(fields) {
  /** @type {Document} */
  const document = { format: 1 };
  for (const path of Object.keys(fields).toSorted()) {
    const value = fields[path];
    if (value === null) continue;
    const [group, name] = cut(path, ".");
    if (SETTINGS.includes(group)) putSetting((document[group] ??= {}), name, value, fields, path);
    else if (group === "combinations") {
      if (value !== "allow") (document.combinations ??= []).push(combination(name, value));
    } else if (NESTED.includes(group)) {
      const [part, key] = cut(name, ".");
      ((document[group] ??= {})[part] ??= {})[key] = value;
    }
    else if (name) (document[group] ??= {})[name] = value;
    else document[group] = value;
  }
  return document;
}

/**
 * @param {Record<string, any>} given
 * @param {string} name
 * @param {any} value
 * @param {Fields} fields
 * @param {string} path
 */
function putSetting(given, name, value, fields, path) {
  const [key, attribute] = cut(name, ".");
  if (attribute) {
    const action = fields[path.slice(0, -attribute.length - 1)] ?? null;
    if (action !== null) (given[key] ??= {})[attribute] = value;
    return;
  }
  const setting = (given[key] ??= {});
  setting.action = value.startsWith(SHADOW) ? value.slice(SHADOW.length) : value;
  if (value.startsWith(SHADOW)) setting.mode = "shadow";
}

/**
 * @param {string} name
 * @param {string} action
 */
function combination(name, action) {
  const [families, others] = cut(name, "/");
  return { families: families.split("+"), with_families: others.split("+"), action };
}

/**
 * Return the one JSON text of a value: names sorted; both engines write it alike.
 *
 * @param {any} value
 * @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).toSorted().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** @param {string} path */
export const groupOf = (path) => cut(path, ".")[0];

/**
 * Return what stands before and behind the first `mark`.
 *
 * @param {string} text
 * @param {string} mark
 * @returns {[string, string]}
 */
function cut(text, mark) {
  const place = text.indexOf(mark);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + 1)];
}

/**
 * Return the setting a path is about, and what about it.
 *
 * @param {string} path
 * @returns {[string, string]}
 */
export function splitAttribute(path) {
  const parts = path.split(".");
  const last = parts.at(-1) ?? "";
  const isAttribute = parts.length > 2 && ATTRIBUTES.includes(last) && SETTINGS.includes(groupOf(path));
  return isAttribute ? [parts.slice(0, -1).join("."), last] : [path, ""];
}
