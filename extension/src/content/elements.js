/** Making what is shown: elements, words, names of kinds. */

import { language, text as translated } from "../browser.js";
import { derivedName } from "./type_names.js";

/** Read while they can be: an update of the extension takes its texts away. */
const LAST_WORDS = Object.fromEntries(["reload_title", "reload_text", "broken_title", "broken_text", "close"].map((name) => [name, translated(name)]));

/** @type {typeof translated} */
export const say = (name, ...values) => LAST_WORDS[name] ?? translated(name, ...values);

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean>} values
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, values, ...children) {
  const made = document.createElement(name);
  Object.assign(made, values);
  made.append(...children);
  return made;
}

/**
 * @param {string} name Of its text.
 * @param {() => void} [onClick]
 * @param {string} [look]
 */
export function button(name, onClick, look = "quiet") {
  const made = element("button", { textContent: say(name), className: look, type: onClick ? "button" : "submit" });
  if (onClick) made.addEventListener("click", onClick);
  return made;
}

/** @param {string} type */
export function typeName(type) {
  const name = say(`type_${type}`);
  return name === `type_${type}` ? derivedName(type, language()) : name;
}
