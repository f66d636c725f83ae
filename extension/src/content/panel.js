/** What a person sees of us on a page: notes at its edge, and dialogs over it. In a closed root. */

import { address, direction, language } from "../browser.js";
import { button, element, say } from "./elements.js";
import { ignoreDoubleClicks, isHasty, newsIsUp } from "./haste.js";
import { Notes } from "./notes.js";
import { fill } from "./question.js";
import { Requests } from "./requests.js";

/** @typedef {import("./question.js").Question} Question */
/** @typedef {import("./question.js").Choice} Choice */

const PROGRESS_MS = 500;
/** A page that takes us away again and again would otherwise keep both of us busy for ever. */
const MOST_RETURNS = 200;

export class Panel {
  /** @param {import("./requests.js").Answers} answers What the cards of requests can do. */
  constructor(answers) {
    this.host = document.createElement("quillgate-panel");
    this.host.style.cssText = "all: initial !important; color-scheme: light dark !important; display: contents !important"; // before any rule of the page
    Object.assign(this.host, { lang: language(), dir: direction() }); // not the page's: the words are ours
    this.root = this.host.attachShadow({ mode: "closed" });
    this.root.append(element("link", { rel: "stylesheet", href: address("src/content/panel.css") }));
    const edge = element("div", { className: "edge" });
    this.root.append(edge);
    this.notes = new Notes(this.root, edge);
    this.requests = new Requests(edge, answers);
    this.returns = 0;
    /** Frames inside a page stay bare until there is something to say. */
    this.isWanted = window.top === window;
    // A page may remove us; the verdict never depends on being here, but people do.
    this.watcher = new MutationObserver(() => this.#attach());
    this.watcher.observe(document, { childList: true });
    this.#attach();
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

  /** Say after a moment that judging takes a moment. `end` returns whether the person gave up, `givenUp` waits for it. */
  showProgress() {
    let isGivenUp = false;
    let tell = () => {};
    const givenUp = /** @type {Promise<void>} */ (new Promise((resolve) => (tell = resolve)));
    const dialog = this.#dialog(say("checking_title"), "progress");
    const giveUp = () => {
      isGivenUp = true;
      dialog.close();
      tell();
    };
    dialog.addEventListener("cancel", giveUp);
    dialog.append(element("p", { textContent: say("checking_text") }), element("div", { className: "ways" }, button("cancel", giveUp)));
    const timer = setTimeout(() => open(dialog), PROGRESS_MS);
    return {
      givenUp,
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
    dialog.append(text, element("div", { className: "ways" }, button("close", () => shut(dialog), "main")));
    newsIsUp();
    return shown(dialog);
  }

  /**
   * Show what was found in a prompt and why, and return what the person chose.
   *
   * @param {Question} question
   */
  ask(question) {
    return this.askWith(question, fill);
  }

  /**
   * Show a question and return what the person chose.
   *
   * @template Asked
   * @param {Asked} question
   * @param {(dialog: HTMLDialogElement, question: Asked, end: (choice: Choice) => void) => void} present
   * @returns {Promise<Choice>}
   */
  async askWith(question, present) {
    this.notes.hideHint();
    const dialog = this.#dialog("", "");
    /** @type {Choice} */
    let choice = { kind: "cancel" };
    present(dialog, question, (made) => {
      choice = made;
      shut(dialog);
    });
    await shown(dialog);
    return choice;
  }

  /**
   * @param {string} title
   * @param {string} look
   */
  #dialog(title, look) {
    const dialog = element("dialog", { className: look, role: "alertdialog", tabIndex: -1 }, element("h1", { textContent: title, id: "quillgate-title" }));
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
 * Open a dialog at its top. The first button has the focus if it can be seen: nobody shall press what
 * lies below the edge of a small window.
 *
 * @param {HTMLDialogElement} dialog
 */
function open(dialog) {
  dialog.showModal();
  dialog.scrollTop = 0;
  const first = dialog.querySelector("button");
  const isSeen = first && first.getBoundingClientRect().bottom <= dialog.getBoundingClientRect().bottom;
  (isSeen ? first : dialog).focus({ preventScroll: true });
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
 * Close a dialog and say so at once. The browser says it a moment later, and what somebody sends in
 * that moment would be held with nothing to see.
 *
 * @param {HTMLDialogElement} dialog
 */
function shut(dialog) {
  dialog.close();
  dialog.dispatchEvent(new Event("close"));
}

/**
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<void>}
 */
function shown(dialog) {
  return new Promise((resolve) => {
    dialog.addEventListener("cancel", () => shut(dialog));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve();
    });
    open(dialog);
  });
}
