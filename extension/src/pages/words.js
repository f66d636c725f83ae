/** What our pages say: texts of the interface, states, troubles, facts. */

import { direction, language, text } from "../browser.js";

/** @typedef {import("../messages.js").Overview} Overview */
/** @typedef {import("../messages.js").Trouble} Trouble */

/** Fill in the texts of a page: each `data-text` names one. */
export function translate() {
  document.documentElement.lang = language();
  document.documentElement.dir = direction();
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
 * @param {Trouble} trouble
 * @returns {string}
 */
export function troubleText({ code, detail }) {
  const name = `trouble_${code.replaceAll("-", "_")}`;
  const words = text(name);
  return words === name ? detail || text("trouble_broken") : words;
}

/**
 * Say how this browser stands, and what is wrong where something is.
 *
 * @param {Overview} now
 */
export function showState({ state, hasRules, clientName, trouble }) {
  const shown = byId("state");
  shown.dataset.state = state;
  shown.textContent = text(state === "degraded" && !hasRules ? "state_holding" : `state_${state}`, clientName);
  byId("trouble").hidden = !trouble;
  byId("trouble").textContent = trouble ? troubleText(trouble) : "";
}

/** @param {string} at */
export function moment(at) {
  const then = new Date(at);
  const isToday = then.toDateString() === new Date().toDateString();
  return then.toLocaleString(language(), isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
}

/**
 * @param {[string, string][]} facts
 */
export function showFacts(facts) {
  byId("facts").replaceChildren(
    ...facts.map(([name, value]) => {
      const fact = document.createElement("div");
      fact.append(Object.assign(document.createElement("dt"), { textContent: text(name) }), Object.assign(document.createElement("dd"), { textContent: value || text("none") }));
      return fact;
    }),
  );
}
