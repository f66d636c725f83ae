/** The form in which somebody says why something has to be sent: what for, and words that say something. */

import { isLowEffort, CATEGORIES, LONGEST } from "../policy/justification.js";
import { button, element, say, typeName } from "./elements.js";

/** @typedef {{justification: string, words: string}} Reason */
/**
 * @typedef {object} Wanted
 * @property {string} note The name of the sentence about who sees this.
 * @property {string} send The name of the button.
 * @property {(words: string) => string[]} kindsIn Returns the types of what must not be in the words.
 * @property {(reason: Reason) => Promise<string>} take Returns what is wrong with it; empty where it was taken.
 * @property {() => void} cancel
 */

const USUAL = "other";

/**
 * Make the form. The words have the focus once it is shown.
 *
 * @param {Wanted} wanted
 */
export function reasonForm({ note, send, kindsIn, take, cancel }) {
  const category = element("select", { id: "quillgate-category" }, ...CATEGORIES.map((name) => element("option", { value: name, textContent: say(`justification_${name}`), selected: name === USUAL })));
  const words = element("textarea", { id: "quillgate-reason", rows: 3, maxLength: LONGEST });
  words.setAttribute("aria-describedby", "quillgate-message");
  const wrong = element("p", { className: "wrong", role: "alert" });
  const sending = button(send, undefined, "main");
  const form = element("form", { noValidate: true });
  form.append(
    element("div", { className: "field" }, element("label", { textContent: say("justify_category_label"), htmlFor: category.id }), category),
    element("div", { className: "field" }, element("label", { textContent: say("justify_label"), htmlFor: words.id }), words),
    wrong,
    element("p", { className: "policy", textContent: say(note), id: "quillgate-message" }),
    element("div", { className: "ways" }, sending, button("cancel", cancel)),
  );
  const tell = (/** @type {string} */ trouble) => {
    wrong.textContent = trouble;
    words.setAttribute("aria-invalid", String(trouble !== ""));
    if (trouble) words.focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = { justification: category.value, words: words.value.trim() };
    const trouble = troubleWith(reason.words, kindsIn);
    if (trouble) return tell(trouble);
    tell("");
    sending.disabled = true;
    const refused = await take(reason).catch(() => say("broken_text"));
    sending.disabled = false;
    if (refused) tell(refused);
  });
  return { form, focus: () => words.focus() };
}

/**
 * @param {string} words
 * @param {(words: string) => string[]} kindsIn
 */
function troubleWith(words, kindsIn) {
  if (isLowEffort(words)) return say("reason_low_effort");
  const kinds = [...new Set(kindsIn(words))];
  return kinds.length ? say("reason_holds_data", kinds.map(typeName).join(", ")) : "";
}
