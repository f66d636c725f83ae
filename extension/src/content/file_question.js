/** The panel's question about files: what each holds, in kinds and counts, never its content. */

import { UNREADABLE_FILE } from "../policy/policy.js";
import { element, say, typeName } from "./elements.js";
import { entitle, policyLine, ways } from "./question.js";

/** @typedef {import("./file_judging.js").JudgedFile} JudgedFile */
/** @typedef {import("./question.js").Question} Question */
/** @typedef {{judged: JudgedFile[], changes: import("./replacing.js").Change[]} & Pick<Question, "approved" | "clientName" | "policyName" | "policyVersion" | "kindsIn" | "ask">} FileQuestion */

const ACTIONS = ["allow", "flag", "warn", "block"];
const MOST_LISTED = 5;
const MOST_KINDS = 6;
/** Counted no further; see pieces.js. */
const MANY = 5000;

/**
 * @param {HTMLDialogElement} dialog
 * @param {FileQuestion} question
 * @param {import("./question.js").End} end
 */
export function fillForFiles(dialog, question, end) {
  const worst = question.judged.map(({ judgement }) => judgement).toSorted((a, b) => ACTIONS.indexOf(b.action) - ACTIONS.indexOf(a.action))[0];
  if (!worst) return;
  const alike = question.judged.map(({ judgement }) => judgement).filter(({ action }) => action === worst.action);
  const isOnlyUnread = alike.every(({ findings }) => findings.every(({ type }) => type === UNREADABLE_FILE));
  const useless = isOnlyUnread ? ["redact", "report_false_positive"] : question.changes.length ? [] : ["redact"];
  const common = worst.remedies.filter((remedy) => !useless.includes(remedy) && alike.every(({ remedies }) => remedies.includes(remedy)));
  const remedies = common.length ? common : [worst.action === "warn" ? "justify" : "request_exception"];
  dialog.className = worst.action;
  entitle(dialog, worst.action === "block" ? "file_blocked_title" : "file_warned_title");
  const told = element("div", { className: "told", id: "quillgate-message" }, element("p", { className: "message", textContent: isOnlyUnread ? say(`unread_${worst.action}_text`) : worst.isUnchecked ? say("unchecked_text") : worst.message }));
  const list = element("ul", { className: "findings files" }, ...question.judged.slice(0, MOST_LISTED).map(described));
  const more = question.judged.length - MOST_LISTED;
  if (more > 0) list.append(element("li", { textContent: say("more_files", String(more)) }));
  const asked = { ...question, judged: { ...worst, remedies }, text: "" };
  dialog.append(told, element("div", { className: "read" }, list), ways(dialog, asked, end), policyLine(question));
}

/** @param {JudgedFile} file */
function described({ name, counts, unread, judgement }) {
  const kinds = kindsOf(judgement.findings);
  const parts = [element("strong", { textContent: name }), element("span", { textContent: [sizeOf(counts), unread ? say(`unread_${unread}`) : ""].filter(Boolean).join(" · ") })];
  return element("li", {}, ...parts, ...(kinds ? [element("span", { className: "kinds", textContent: kinds })] : []));
}

/** @param {import("../documents/piece.js").Counts} counts */
function sizeOf({ rows, columns, sheets, pages, lines }) {
  const number = (/** @type {number} */ count) => count.toLocaleString(navigator.language);
  if (rows !== undefined) return say(sheets && sheets > 1 ? "file_sheets" : "file_rows", number(rows), number(columns ?? 0), number(sheets ?? 1));
  if (pages !== undefined) return say("file_pages", number(pages));
  return lines === undefined ? "" : say("file_lines", number(lines));
}

/**
 * Return kinds with how often each was found, most often first.
 *
 * @param {import("./judging.js").ShownFinding[]} findings
 */
function kindsOf(findings) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { type } of findings) if (type !== UNREADABLE_FILE) counts.set(type, (counts.get(type) ?? 0) + 1);
  const ranked = [...counts].toSorted((a, b) => b[1] - a[1]);
  const said = ranked.slice(0, MOST_KINDS).map(([type, count]) => `${typeName(type)} × ${count.toLocaleString(navigator.language)}${findings.length >= MANY ? "+" : ""}`);
  return [...said, ...(ranked.length > MOST_KINDS ? ["…"] : [])].join(", ");
}
