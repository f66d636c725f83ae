/** Pasted text that a page has put beside its editor, as an attachment: it is sent too, so it is judged too. */

import { readEditor } from "./reading.js";

/** @typedef {{text: string, squashed: string, editor: HTMLElement, isSettled: boolean, added: Element[]}} Paste */

/** So long a page may take to put a paste where it wants it. */
const SETTLED_MS = 400;
/** Nobody pastes more than this before it is sent. A page that makes up more is heard as it sends them. */
const MOST = 100;

/** @param {string} text */
const squash = (text) => text.replace(/\s+/g, "");

export class Pasted {
  constructor() {
    /** @type {Paste[]} */
    this.pastes = [];
    /** @type {Promise<unknown>} */
    this.settling = Promise.resolve();
    /** One for all pastes: a page may make up thousands. */
    this.watcher = new MutationObserver((records) => this.#note(records.flatMap(({ addedNodes }) => [...addedNodes])));
  }

  /**
   * Watch where a paste goes. It is beside the editor if it is not in it and something came up elsewhere.
   *
   * @param {HTMLElement} editor
   * @param {string} text
   * @returns {boolean} Whether it is watched.
   */
  take(editor, text) {
    if (!text.trim() || this.pastes.length >= MOST) return false;
    const paste = { text, squashed: squash(text), editor, isSettled: false, added: [] };
    this.pastes.push(paste);
    this.watcher.observe(document.documentElement, { childList: true, subtree: true }); // twice is once
    this.settling = new Promise((resolve) => setTimeout(resolve, SETTLED_MS)).then(() => this.#settle(paste));
    return true;
  }

  /** @param {Node[]} nodes That came up somewhere. */
  #note(nodes) {
    for (const { isSettled, editor, added } of this.pastes) if (!isSettled) for (const node of nodes) if (node instanceof Element && !editor.contains(node)) added.push(node);
  }

  /** @param {Paste} paste */
  #settle(paste) {
    paste.isSettled = true;
    if (isIn(paste, squash(readEditor(paste.editor)))) this.pastes = this.pastes.filter((one) => one !== paste);
    if (this.pastes.every(({ isSettled }) => isSettled)) this.watcher.disconnect();
  }

  /** Until every paste is where the page wants it. */
  settled() {
    return this.settling;
  }

  /**
   * Whether a paste is still on its way: not in the editor, and not yet anywhere else.
   *
   * @param {string} text Of the editor.
   */
  isComing(text) {
    const squashed = squash(text);
    return this.pastes.some((paste) => !paste.isSettled && !isIn(paste, squashed));
  }

  /** Return what is beside the editor, as long as the page shows something of it. */
  beside() {
    return this.pastes.filter(({ isSettled, added }) => isSettled && added.some((part) => part.isConnected)).map(({ text }) => text);
  }

  /** It has been sent. */
  forget() {
    this.pastes = [];
  }
}

/**
 * @param {Paste} paste
 * @param {string} text Squashed.
 */
const isIn = ({ squashed }, text) => text.includes(squashed);
