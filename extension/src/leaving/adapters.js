/** Which adapters this copy understands. What it does not know it does not obey: a hot fix names only what is built in. */

import { bundled } from "../../bundled/adapters.js";

/** @typedef {import("../messages.js").Adapter} Adapter */

const REQUEST = ["transport", "method", "host", "path", "body", "text", "shared", "when"];
const ADAPTER = ["id", "v", "service", "match", "editor", "replace", "composer", "send", "fileInput", "submitKeys", "fallbackText", "requests", "health"];
/** @type {Record<string, string[]>} */
const CHOICES = {
  editor: ["prosemirror", "lexical", "quill", "slate", "textarea", "contenteditable"],
  replace: ["span-exec", "native-setter", "beforeinput"],
  fallbackText: ["all-strings"],
  transport: ["fetch", "xhr", "beacon", "form", "websocket"],
  method: ["GET", "POST", "PUT", "PATCH"],
  body: ["json", "form", "multipart", "text", "query"],
  when: ["sending", "typing"],
};

/**
 * Return the adapters that are understood whole; for another one the one this copy came with.
 *
 * @param {unknown} given
 * @returns {Adapter[]}
 */
export function usable(given) {
  const all = /** @type {Adapter[]} */ (Array.isArray(given) ? given : []);
  return all.flatMap((one) => (isUnderstood(one) ? [one] : bundled.filter(({ id }) => id === one?.id)));
}

/** @param {Adapter} adapter */
const isUnderstood = (adapter) =>
  isOf(adapter, ADAPTER) &&
  typeof adapter.id === "string" &&
  [adapter.match, adapter.composer, adapter.send].every(isWords) &&
  Number.isInteger(adapter.health?.composerWithinMs) &&
  Array.isArray(adapter.requests) &&
  adapter.requests.every((request) => isOf(request, REQUEST) && isWords(request.text) && typeof request.path === "string");

/**
 * Whether something has no field but these, and of closed lists only what is in them.
 *
 * @param {unknown} value
 * @param {string[]} fields
 */
function isOf(value, fields) {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).every(([name, said]) => fields.includes(name) && (!CHOICES[name] || CHOICES[name].includes(said)));
}

/** @param {unknown} value */
const isWords = (value) => Array.isArray(value) && value.every((word) => typeof word === "string");
