/** What a person sees of us: the state, a first notice, a hint, and dialogs. In a closed root. */

import { address } from "../browser.js";
import { button, element, say, typeName } from "./elements.js";
import { ignoreDoubleClicks, isHasty, newsIsUp } from "./haste.js";
import { fill } from "./question.js";

/** @typedef {import("./question.js").Question} Question */
/** @typedef {import("./question.js").Choice} Choice */

const PROGRESS_MS = 500;
const HINT_MS = 15_000;
/** A page that takes us away again and again would otherwise keep both of us busy for ever. */
const MOST_RETURNS = 200;

export class Panel {
  constructor() {
    this.host = document.createElement("quillgate-panel");
    this.root = this.host.attachShadow({ mode: "closed" });
    this.badge = element("div", { className: "badge", hidden: true, role: "status" });
    this.hint = element("p", { className: "hint", hidden: true, role: "status" });
    this.root.append(element("link", { rel: "stylesheet", href: address("src/content/panel.css") }), this.badge, this.hint);
    /** @type {HTMLElement | null} */
    this.notice = null;
    this.returns = 0;
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
    this.watcher?.observe(home, { childList: true });
    if (this.host.isConnected || this.returns >= MOST_RETURNS) return;
    this.returns += 1;
    home.append(this.host);
    for (const dialog of this.root.querySelectorAll("dialog")) if (dialog.open) reopen(dialog);
  }

  /** Whether the focus is with us, or nowhere. */
  get hasFocus() {
    return !document.activeElement || document.activeElement === document.body || document.activeElement === this.host;
  }

  /**
   * What is typed here is not for the page, and what was meant for the page is not for us.
   *
   * @param {Event} event
   */
  keep(event) {
    event.stopImmediatePropagation();
    if (isHasty(event, this.root.activeElement)) event.preventDefault();
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

  /** @param {import("../messages.js").StateMessage} message */
  showState({ state, hasRules, clientName }) {
    this.#showBadge(state, say(state === "degraded" && !hasRules ? "state_holding" : `state_${state}`, clientName));
  }

  /** This tab's extension is gone: say what it takes to get it back. */
  showParting() {
    this.#showBadge("degraded", say("reload_title"));
  }

  /**
   * @param {string} state
   * @param {string} words
   */
  #showBadge(state, words) {
    this.badge.hidden = false;
    this.badge.dataset.state = state;
    if (this.badge.textContent !== words) this.badge.textContent = words;
  }

  /**
   * @param {string} clientName
   * @param {() => void} onSeen
   */
  showNotice(clientName, onSeen) {
    if (this.notice) return;
    const seen = button("got_it", () => (this.hideNotice(), onSeen()), "main");
    seen.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the editor
    this.notice = element("section", { className: "notice", ariaLabel: say("notice_title"), ariaLive: "polite" });
    this.root.append(this.notice);
    this.notice.append(element("h2", { textContent: say("notice_title") }), element("p", { textContent: say("notice_text", clientName) }), seen);
  }

  hideNotice() {
    this.notice?.remove();
  }

  /** Say after a moment that judging takes a moment. `end` returns whether the person gave up. */
  showProgress() {
    let isGivenUp = false;
    const dialog = this.#dialog(say("checking_title"), "progress");
    const giveUp = () => {
      isGivenUp = true;
      dialog.close();
    };
    dialog.addEventListener("cancel", giveUp);
    dialog.append(element("p", { textContent: say("checking_text") }), element("div", { className: "ways" }, button("cancel", giveUp)));
    const timer = setTimeout(() => open(dialog), PROGRESS_MS);
    return {
      end: () => {
        clearTimeout(timer);
        dialog.close();
        dialog.remove();
        return isGivenUp;
      },
    };
  }

  /**
   * Tell one thing and wait until it is read.
   *
   * @param {string} name Of its title and text.
   * @returns {Promise<void>}
   */
  tell(name) {
    const dialog = this.#dialog(say(`${name}_title`), "news");
    const text = element("p", { textContent: say(`${name}_text`), id: "quillgate-message" });
    dialog.append(text, element("div", { className: "ways" }, button("close", () => dialog.close(), "main")));
    newsIsUp();
    return shown(dialog);
  }

  /**
   * Show what was found and why, and return what the person chose.
   *
   * @param {Question} question
   * @returns {Promise<Choice>}
   */
  async ask(question) {
    this.hideHint();
    const dialog = this.#dialog("", question.judged.action);
    /** @type {Choice} */
    let choice = { kind: "cancel" };
    fill(dialog, question, (made) => {
      choice = made;
      dialog.close();
    });
    await shown(dialog);
    return choice;
  }

  /**
   * @param {string} title
   * @param {string} look
   */
  #dialog(title, look) {
    const dialog = element("dialog", { className: look, role: "alertdialog" }, element("h1", { textContent: title, id: "quillgate-title" }));
    dialog.setAttribute("aria-labelledby", "quillgate-title");
    dialog.setAttribute("aria-describedby", "quillgate-message");
    ignoreDoubleClicks(dialog);
    this.isWanted = true;
    this.#attach();
    this.root.append(dialog);
    return dialog;
  }
}

/**
 * Open a dialog at its top, wherever its first button is.
 *
 * @param {HTMLDialogElement} dialog
 */
function open(dialog) {
  dialog.showModal();
  dialog.querySelector("button")?.focus({ preventScroll: true });
  dialog.scrollTop = 0;
}

/**
 * Open a dialog once more that was taken out of the page.
 *
 * @param {HTMLDialogElement} dialog
 */
function reopen(dialog) {
  dialog.removeAttribute("open");
  open(dialog);
}

/**
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<void>}
 */
function shown(dialog) {
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve();
    });
    open(dialog);
  });
}
