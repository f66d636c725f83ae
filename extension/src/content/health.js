/** Whether an adapter still fits its site: sites change without asking, and that must not go unnoticed. */

import { editorsIn } from "./editors.js";

/** @typedef {import("../messages.js").Adapter} Adapter */
/** @typedef {import("../messages.js").Problem} Problem */
/** @typedef {(adapter: Adapter, problems: Problem[]) => void} Tell */

export class Health {
  /** @param {Tell} tell Called with all that is wrong with an adapter here, each time that changes. */
  constructor(tell) {
    this.tell = tell;
    /** By the adapter's id. @type {Map<string, Set<Problem>>} */
    this.problems = new Map();
    this.isTested = false;
  }

  /**
   * Look in a while whether the editor of this page is where its adapter says. A page without an editor says nothing.
   *
   * @param {Adapter | null} adapter
   */
  test(adapter) {
    if (!adapter || this.isTested || window.top !== window) return;
    this.isTested = true;
    setTimeout(() => {
      const editors = editorsIn(document);
      if (editors.length) this.note(adapter, "composer", !editors.some((editor) => fits(editor, adapter.composer)));
    }, adapter.health.composerWithinMs);
  }

  /**
   * @param {Adapter} adapter
   * @param {Problem} problem
   * @param {boolean} isThere
   */
  note(adapter, problem, isThere) {
    const known = this.problems.get(adapter.id);
    if (known && known.has(problem) === isThere) return;
    const now = known ?? new Set();
    if (isThere) now.add(problem);
    else now.delete(problem);
    this.problems.set(adapter.id, now);
    this.tell(adapter, [...now].toSorted());
  }
}

/**
 * Whether an editor is, holds or lies in what one of these selectors names; one that is none names nothing.
 *
 * @param {HTMLElement} editor
 * @param {string[]} selectors
 */
function fits(editor, selectors) {
  return selectors.some((selector) => {
    try {
      return editor.closest(selector) !== null || editor.querySelector(selector) !== null;
    } catch {
      return false;
    }
  });
}
