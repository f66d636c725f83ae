/** A page's line to the worker: one question, one answer. */

import { connect, language, text } from "../browser.js";
import { PAGE } from "../messages.js";

/** @typedef {import("../messages.js").FromPage} FromPage */
/** @typedef {import("../messages.js").ToPage} ToPage */

/**
 * @param {FromPage} question
 * @returns {Promise<ToPage>}
 */
export function ask(question) {
  return new Promise((resolve) => {
    const port = connect(PAGE);
    port.onMessage.addListener((answer) => {
      resolve(answer);
      port.disconnect();
    });
    port.postMessage(question);
  });
}

/** @returns {Promise<import("../messages.js").Overview>} */
export async function overview() {
  const answer = await ask({ t: "overview?" });
  if (answer.t !== "overview") throw new Error("the worker answered something else");
  return answer.overview;
}

/** Fill in the texts of a page: each `data-text` names one. */
export function translate() {
  document.documentElement.lang = language();
  for (const found of document.querySelectorAll("[data-text]")) found.textContent = text(/** @type {HTMLElement} */ (found).dataset.text ?? "");
}

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @returns {Kind}
 */
export function byId(id) {
  return /** @type {Kind} */ (document.getElementById(id));
}

/**
 * @param {HTMLElement} list
 * @param {[string, string][]} facts
 */
export function showFacts(list, facts) {
  list.replaceChildren(
    ...facts.flatMap(([name, value]) => [
      Object.assign(document.createElement("dt"), { textContent: text(name) }),
      Object.assign(document.createElement("dd"), { textContent: value || text("none") }),
    ]),
  );
}
