/** Pasted text that a page has put beside its editor, as an attachment: it is sent too, so it is judged too. */

import { readEditor } from "./reading.js";

/** @typedef {{text: string, squashed: string, isSettled: boolean, added: Element[]}} Paste */

/** So long a page may take to put a paste where it wants it. */
const SETTLED_MS = 400;

/** @param {string} text */
const squash = (text) => text.replace(/\s+/g, "");

export class Pasted {
  constructor() {
    /** @type {Paste[]} */
    this.pastes = [];
    /** @type {Promise<unknown>} */
    this.settling = Promise.resolve();
  }

  /**
   * Watch where a paste goes. It is beside the editor if it is not in it and something came up elsewhere.
   *
   * @param {HTMLElement} editor
   * @param {string} text
   */
  take(editor, text) {
    if (!text.trim()) return;
    /** @type {Paste} */
    const paste = { text, squashed: squash(text), isSettled: false, added: [] };
    this.pastes.push(paste);
    const watcher = new MutationObserver((records) => {
      for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) if (node instanceof Element && !editor.contains(node)) paste.added.push(node);
    });
    watcher.observe(document.documentElement, { childList: true, subtree: true });
    this.settling = new Promise((resolve) => setTimeout(resolve, SETTLED_MS)).then(() => {
      watcher.disconnect();
      paste.isSettled = true;
      if (isIn(paste, readEditor(editor))) this.#drop(paste);
    });
  }

  /** @param {Paste} gone */
  #drop(gone) {
    this.pastes = this.pastes.filter((paste) => paste !== gone);
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
    return this.pastes.some((paste) => !paste.isSettled && !isIn(paste, text));
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
 * @param {string} text
 */
const isIn = ({ squashed }, text) => squash(text).includes(squashed);
