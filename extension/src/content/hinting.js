/** A small hint before anything is sent: judged when the hands rest, beside the editor, once for the same findings. */

import { isConnected } from "../browser.js";
import { stops } from "../policy/decide.js";
import { editorOf } from "./editors.js";
import { readEditor } from "./reading.js";

/** Whoever has not typed for so long reads. */
const REST_MS = 700;
/** A longer text is looked through as it is sent; the page must not wait for a hint. */
const LONGEST = 20_000;

export class Hinting {
  /** @param {import("./guard.js").Guard} guard */
  constructor(guard) {
    this.guard = guard;
    /** What was hinted at last: it is not said again, also where it was put away. */
    this.said = "";
  }

  /**
   * Something was typed. Nothing is read and nothing judged before the hands rest.
   *
   * @param {Event} event
   */
  onInput(event) {
    const target = event.composedPath()[0];
    clearTimeout(this.timer);
    this.timer = setTimeout(() => requestIdleCallback(() => this.#lookAt(editorOf(target)), { timeout: REST_MS }), REST_MS);
  }

  /** @param {HTMLElement | null} editor */
  #lookAt(editor) {
    if (editor && readEditor(editor).length <= LONGEST) this.look(editor);
  }

  /** @param {HTMLElement} editor */
  look(editor) {
    const { guard } = this;
    const { known } = guard;
    if (!known.rules || !known.isCovered || guard.isBusy || !editor.isConnected || !isConnected()) return;
    const local = known.judge(guard.whole(readEditor(editor)), guard.channel);
    const types = local.to_redact.map((position) => local.findings[position]?.type ?? "");
    this.#say(stops(local.action) ? types : null, editor);
  }

  /**
   * @param {string[] | null} types Null where nothing would be held.
   * @param {HTMLElement} editor
   */
  #say(types, editor) {
    const said = types ? `held: ${[...new Set(types)].toSorted().join()}` : "";
    const { notes } = this.guard.panel;
    if (!types && this.said) notes.hideHint(); // something else may be said there
    if (types && said !== this.said) notes.showHint(types, editor.getBoundingClientRect());
    this.said = said;
  }

  /** What was written is gone: the same may be said of what is written next. */
  forget() {
    clearTimeout(this.timer);
    this.said = "";
    this.guard.panel.notes.hideHint();
  }
}
