/** What a person sees: the state, a first notice, and the panel with the ways out. In a closed root. */

import { address, text as translated } from "../browser.js";
import { reason } from "../detection/finding.js";
import { toUtf16 } from "../detection/spans.js";

/** @typedef {import("./judging.js").Judgement} Judgement */
/** @typedef {import("../messages.js").Service} Service */
/** @typedef {{kind: "redact" | "justify" | "request_exception" | "report_false_positive" | "cancel"} | {kind: "redirect", host: string}} Choice */
/**
 * @typedef {object} Question
 * @property {string} text
 * @property {Judgement} judged
 * @property {{start: number, end: number, placeholder: string}[]} changes
 * @property {Service[]} approved
 * @property {string} clientName
 * @property {string} policyName
 * @property {number} policyVersion
 */

const PROGRESS_MS = 250;
const LEAST_REASON = 10;
const MOST_LISTED = 8;
const HINT_MS = 15_000;
/** Read while they can be: an update of the extension takes its texts away. */
const LAST_WORDS = Object.fromEntries(["reload_title", "reload_text", "broken_title", "broken_text", "close"].map((name) => [name, translated(name)]));
/** @type {typeof translated} */
const say = (name, ...values) => LAST_WORDS[name] ?? translated(name, ...values);

export class Panel {
  constructor() {
    this.host = document.createElement("quillgate-panel");
    this.root = this.host.attachShadow({ mode: "closed" });
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = address("src/content/panel.css");
    this.badge = element("div", { className: "badge" });
    this.badge.setAttribute("role", "status");
    this.badge.hidden = true;
    this.hint = element("p", { className: "hint", hidden: true });
    this.hint.setAttribute("role", "status");
    this.root.append(style, this.badge, this.hint);
    /** @type {HTMLElement | null} */
    this.notice = null;
    /** Frames inside a page stay bare until there is something to say. */
    this.isWanted = window.top === window;
    this.#attach();
    // A page may remove us; the verdict never depends on being here, but people do.
    this.watcher = new MutationObserver(() => this.#attach());
    this.watcher.observe(document, { childList: true });
  }

  #attach() {
    const home = document.documentElement;
    if (!home || !this.isWanted) return;
    if (!this.host.isConnected) home.append(this.host);
    this.watcher?.observe(home, { childList: true });
  }

  /**
   * Say above the editor that this will be held; the focus stays where it is.
   *
   * @param {string[]} types
   * @param {DOMRect} editor
   */
  showHint(types, editor) {
    const names = [...new Set(types.map(typeName))].join(", ");
    this.hint.textContent = names ? say("hint_text", names) : say("hint_service_text");
    this.hint.style.left = `${Math.max(12, editor.left)}px`;
    this.hint.style.bottom = `${Math.max(12, innerHeight - editor.top + 24)}px`;
    this.hint.hidden = false;
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => this.hideHint(), HINT_MS);
  }

  hideHint() {
    this.hint.hidden = true;
  }

  /**
   * @param {import("../messages.js").State} state
   * @param {string} clientName
   */
  showState(state, clientName) {
    this.badge.hidden = false;
    this.badge.dataset.state = state;
    this.badge.textContent = say(`state_${state}`, clientName);
  }

  /**
   * @param {string} clientName
   * @param {() => void} onSeen
   */
  showNotice(clientName, onSeen) {
    if (this.notice) return;
    const notice = element("section", { className: "notice" });
    notice.setAttribute("aria-label", say("notice_title"));
    const button = element("button", { textContent: say("got_it") });
    button.addEventListener("click", () => {
      notice.remove();
      onSeen();
    });
    notice.append(element("h2", { textContent: say("notice_title") }), element("p", { textContent: say("notice_text", clientName) }), button);
    this.notice = notice;
    this.root.append(notice);
  }

  /** Say after a moment that judging takes a moment. */
  showProgress() {
    const dialog = this.#dialog(say("checking_title"), "progress");
    dialog.append(element("p", { textContent: say("checking_text") }));
    const timer = setTimeout(() => dialog.showModal(), PROGRESS_MS);
    return {
      end: () => {
        clearTimeout(timer);
        dialog.remove();
      },
    };
  }

  /**
   * Tell one thing and wait until it is read.
   *
   * @param {string} title
   * @param {string} words
   * @returns {Promise<void>}
   */
  tell(title, words) {
    return new Promise((resolve) => {
      const dialog = this.#dialog(say(title), "told");
      const button = element("button", { textContent: say("close") });
      button.addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve();
      });
      dialog.append(element("p", { textContent: say(words) }), row(button));
      dialog.showModal();
    });
  }

  /**
   * Show what was found and why, and return what the person chose.
   *
   * @param {Question} question
   * @returns {Promise<Choice>}
   */
  ask(question) {
    const { judged } = question;
    const isBlock = judged.action === "block";
    return new Promise((resolve) => {
      const dialog = this.#dialog(say(isBlock ? "blocked_title" : "warned_title"), judged.action);
      /** @type {Choice} */
      let choice = { kind: "cancel" };
      const end = (/** @type {Choice} */ made) => {
        choice = made;
        dialog.close();
      };
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(choice);
      });
      dialog.append(element("p", { className: "message", textContent: judged.message, id: "quillgate-message" }));
      dialog.setAttribute("role", "alertdialog");
      dialog.setAttribute("aria-describedby", "quillgate-message");
      if (judged.findings.length) dialog.append(listed(judged, question.text));
      if (judged.remedies.includes("redirect") && question.approved.length) dialog.append(element("p", { textContent: say("approved_text", question.approved.map(({ name }) => name).join(", ")) }));
      dialog.append(this.#ways(question, dialog, end));
      dialog.append(element("p", { className: "policy", textContent: say("policy_text", question.policyName, String(question.policyVersion), question.clientName) }));
      dialog.showModal();
    });
  }

  /**
   * @param {Question} question
   * @param {HTMLDialogElement} dialog
   * @param {(choice: Choice) => void} end
   */
  #ways(question, dialog, end) {
    const { remedies } = question.judged;
    const ways = element("div", { className: "ways" });
    /**
     * @param {string} name
     * @param {() => void} onClick
     * @param {string} [look]
     */
    const add = (name, onClick, look = "quiet") => {
      const button = element("button", { textContent: say(name), className: look });
      button.addEventListener("click", onClick);
      ways.append(button);
    };
    if (remedies.includes("redact") && question.changes.length) add("redact_and_send", () => preview(question, dialog, end), "main");
    if (remedies.includes("justify") || remedies.includes("acknowledge")) add("send_anyway", () => justify(dialog, end));
    const elsewhere = question.approved.find(({ hosts }) => hosts[0])?.hosts[0];
    if (remedies.includes("redirect") && elsewhere) add("use_approved", () => end({ kind: "redirect", host: elsewhere }));
    if (remedies.includes("request_exception")) add("ask_for_exception", () => end({ kind: "request_exception" }));
    if (remedies.includes("report_false_positive")) add("this_is_wrong", () => end({ kind: "report_false_positive" }));
    add("cancel", () => end({ kind: "cancel" }));
    return ways;
  }

  /**
   * @param {string} title
   * @param {string} look
   */
  #dialog(title, look) {
    const dialog = element("dialog", { className: look });
    const heading = element("h1", { textContent: title, id: "quillgate-title" });
    dialog.setAttribute("aria-labelledby", "quillgate-title");
    dialog.append(heading);
    // Keys stay with us: a page must not act on what is typed here.
    for (const type of ["keydown", "keyup", "keypress"]) dialog.addEventListener(type, (event) => event.stopPropagation());
    this.isWanted = true;
    this.#attach();
    this.root.append(dialog);
    return dialog;
  }
}

/**
 * @param {Question} question
 * @param {HTMLDialogElement} dialog
 * @param {(choice: Choice) => void} end
 */
function preview(question, dialog, end) {
  const shown = element("div", { className: "preview" });
  shown.tabIndex = 0;
  shown.setAttribute("role", "region");
  shown.setAttribute("aria-label", say("preview_title"));
  let position = 0;
  for (const { start, end: stop, placeholder } of question.changes) {
    shown.append(question.text.slice(position, start), element("del", { textContent: question.text.slice(start, stop) }), " ", element("ins", { textContent: placeholder }));
    position = stop;
  }
  shown.append(question.text.slice(position));
  const confirm = element("button", { textContent: say("confirm_and_send"), className: "main" });
  confirm.addEventListener("click", () => end({ kind: "redact" }));
  const cancel = element("button", { textContent: say("cancel"), className: "quiet" });
  cancel.addEventListener("click", () => end({ kind: "cancel" }));
  const heading = /** @type {HTMLElement} */ (dialog.querySelector("h1"));
  heading.textContent = say("preview_title");
  dialog.replaceChildren(heading, element("p", { textContent: say("preview_text") }), shown, row(confirm, cancel));
  confirm.focus();
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {(choice: Choice) => void} end
 */
function justify(dialog, end) {
  const form = element("form", {});
  const label = element("label", { textContent: say("justify_label"), htmlFor: "quillgate-reason" });
  const field = element("textarea", { id: "quillgate-reason", required: true, minLength: LEAST_REASON, rows: 3 });
  const note = element("p", { className: "policy", textContent: say("justify_note") });
  const send = element("button", { textContent: say("send_anyway"), className: "main" });
  const cancel = element("button", { textContent: say("cancel"), className: "quiet", type: "button" });
  cancel.addEventListener("click", () => end({ kind: "cancel" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    end({ kind: "justify" });
  });
  form.append(label, field, note, row(send, cancel));
  const heading = /** @type {HTMLElement} */ (dialog.querySelector("h1"));
  dialog.replaceChildren(heading, form);
  field.focus();
}

/**
 * @param {Judgement} judged
 * @param {string} text
 */
function listed(judged, text) {
  const list = element("ul", { className: "findings" });
  for (const finding of judged.findings.slice(0, MOST_LISTED)) {
    const [start, end] = toUtf16(text, finding.start, finding.end);
    const item = element("li", {});
    const why = "reason" in finding ? String(finding.reason) : reason(/** @type {import("../detection/finding.js").Finding} */ (/** @type {unknown} */ (finding)));
    item.append(element("strong", { textContent: typeName(finding.type) }), element("mark", { textContent: text.slice(start, end) }), element("span", { textContent: why }));
    list.append(item);
  }
  const more = judged.findings.length - MOST_LISTED;
  if (more > 0) list.append(element("li", { textContent: say("more_findings", String(more)) }));
  return list;
}

/** @param {string} type */
function typeName(type) {
  const name = say(`type_${type}`);
  return name === `type_${type}` ? type.replaceAll("_", " ").toLowerCase() : name;
}

/** @param {...HTMLElement} buttons */
function row(...buttons) {
  const made = element("div", { className: "ways" });
  made.append(...buttons);
  return made;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean>} values
 * @returns {HTMLElementTagNameMap[Name]}
 */
function element(name, values) {
  const made = document.createElement(name);
  Object.assign(made, values);
  return made;
}
