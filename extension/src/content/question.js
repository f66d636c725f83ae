/** The panel's one question: what was found, why, by which policy, and which ways there are. */

import { toUtf16 } from "../detection/spans.js";
import { button, element, say, typeName } from "./elements.js";
import { reasonForm } from "./reasons.js";

/** @typedef {import("./judging.js").Judgement} Judgement */
/** @typedef {import("./judging.js").ShownFinding} ShownFinding */
/** @typedef {import("../messages.js").Service} Service */
/** @typedef {{kind: "redact" | "request_exception" | "report_false_positive" | "cancel"} | {kind: "justify", reason: import("./reasons.js").Reason} | {kind: "redirect", host: string}} Choice */
/** @typedef {(choice: Choice) => void} End */
/**
 * @typedef {object} Question
 * @property {string} text
 * @property {Judgement} judged
 * @property {import("./replacing.js").Change[]} changes
 * @property {string | null} hindrance Why it cannot be redacted here, as the name of a text.
 * @property {Service[]} approved
 * @property {string} clientName
 * @property {string} policyName
 * @property {number} policyVersion
 * @property {(words: string) => string[]} kindsIn
 * @property {(reason: import("./reasons.js").Reason) => Promise<string>} ask Returns why it could not be asked.
 */

const MOST_LISTED = 8;
/** The family of words that count beside somebody. */
const HEALTH = "health-term";

/**
 * Fill a dialog with the question; `end` is called with the answer.
 *
 * @param {HTMLDialogElement} dialog
 * @param {Question} question
 * @param {End} end
 */
export function fill(dialog, question, end) {
  const { judged, approved } = question;
  dialog.className = judged.action;
  entitle(dialog, judged.action === "block" ? "blocked_title" : "warned_title");
  const told = element("div", { className: "told", id: "quillgate-message" });
  told.append(element("p", { className: "message", textContent: judged.isUnchecked ? say("unchecked_text") : judged.message }));
  if (question.hindrance && judged.remedies.includes("redact")) told.append(element("p", { textContent: say(question.hindrance) }));
  const read = element("div", { className: "read" });
  if (judged.findings.length) read.append(listed(judged, question.text));
  if (judged.remedies.includes("redirect") && approved.length) read.append(element("p", { textContent: say("approved_text", question.clientName, approved.map(({ name }) => name).join(", ")) }));
  dialog.append(told, read, ways(dialog, question, end), policyLine(question));
}

/** @param {Pick<Question, "policyName" | "policyVersion" | "clientName">} question */
export const policyLine = ({ policyName, policyVersion, clientName }) => element("p", { className: "policy", textContent: say("policy_text", policyName, String(policyVersion), clientName) });

/**
 * @param {HTMLDialogElement} dialog
 * @param {Pick<Question, "text" | "judged" | "changes" | "approved" | "kindsIn" | "ask">} question
 * @param {End} end
 */
export function ways(dialog, question, end) {
  const { remedies } = question.judged;
  const elsewhere = question.approved.find(({ hosts }) => hosts[0])?.hosts[0];
  const may = (/** @type {string[]} */ ...names) => names.some((name) => remedies.includes(name));
  /** @type {HTMLElement[]} */
  const made = [];
  if (may("redact") && question.changes.length) made.push(button("redact_and_send", () => (question.text ? preview(dialog, question, end) : end({ kind: "redact" })), "main"));
  if (may("justify", "acknowledge")) made.push(button("send_anyway", () => justify(dialog, question, end)));
  if (may("redirect") && elsewhere) made.push(button("use_approved", () => end({ kind: "redirect", host: elsewhere })));
  if (may("request_exception")) made.push(button("ask_for_exception", () => ask(dialog, question, end)));
  if (may("report_false_positive")) made.push(button("this_is_wrong", () => end({ kind: "report_false_positive" })));
  return element("div", { className: "ways" }, ...made, cancel(end));
}

/** @param {End} end */
const cancel = (end) => button("cancel", () => end({ kind: "cancel" }));

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} name
 * @param {...HTMLElement} parts
 */
export function entitle(dialog, name, ...parts) {
  const title = /** @type {HTMLElement} */ (dialog.querySelector("h1"));
  title.textContent = say(name);
  dialog.replaceChildren(title, ...parts);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Pick<Question, "text" | "changes">} question
 * @param {End} end
 */
function preview(dialog, { text, changes }, end) {
  const shown = element("div", { className: "preview", tabIndex: 0, role: "region", ariaLabel: say("preview_title") });
  let position = 0;
  for (const { start, end: stop, placeholder } of changes) {
    shown.append(text.slice(position, start), element("del", { textContent: text.slice(start, stop) }), " ", element("ins", { textContent: placeholder }));
    position = stop;
  }
  shown.append(text.slice(position));
  const confirm = button("confirm_and_send", () => end({ kind: "redact" }), "main");
  entitle(dialog, "preview_title", element("p", { textContent: say("preview_text"), id: "quillgate-message" }), shown, element("div", { className: "ways" }, confirm, cancel(end)));
  confirm.focus();
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Pick<Question, "kindsIn">} question
 * @param {End} end
 */
function justify(dialog, { kindsIn }, end) {
  const take = async (/** @type {import("./reasons.js").Reason} */ reason) => (end({ kind: "justify", reason }), "");
  show(dialog, "warned_title", { note: "justify_note", send: "send_anyway", kindsIn, take, cancel: () => end({ kind: "cancel" }) });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Pick<Question, "kindsIn" | "ask">} question
 * @param {End} end
 */
function ask(dialog, question, end) {
  const take = async (/** @type {import("./reasons.js").Reason} */ reason) => {
    const trouble = await question.ask(reason);
    if (!trouble) end({ kind: "request_exception" });
    return trouble;
  };
  show(dialog, "ask_title", { note: "ask_note", send: "ask_now", kindsIn: question.kindsIn, take, cancel: () => end({ kind: "cancel" }) });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} title
 * @param {import("./reasons.js").Wanted} wanted
 */
function show(dialog, title, wanted) {
  const { form, focus } = reasonForm(wanted);
  entitle(dialog, title, form);
  focus();
}

/**
 * @param {Judgement} judged
 * @param {string} text
 */
function listed(judged, text) {
  const list = element("ul", { className: "findings" });
  for (const finding of judged.findings.slice(0, MOST_LISTED)) {
    const [start, end] = toUtf16(text, finding.start, finding.end);
    list.append(element("li", {}, element("strong", { textContent: typeName(finding.type) }), element("mark", { textContent: text.slice(start, end) }), element("span", { textContent: why(finding) })));
  }
  const more = judged.findings.length - MOST_LISTED;
  if (more > 0) list.append(element("li", { textContent: say("more_findings", String(more)) }));
  return list;
}

/**
 * Say why it was found: in the reader's language where we found it ourselves, else in the server's words.
 *
 * @param {ShownFinding} finding
 */
function why({ type, family, context, validator, reason }) {
  if (context === undefined) return reason ?? "";
  if (type === "CUSTOM") return say("why_custom", context ?? "");
  if (family === HEALTH && !context) return say("why_health");
  const form = say(validator ? "why_checked" : "why_form");
  return context ? `${form} ${say("why_word", context)}` : form;
}
