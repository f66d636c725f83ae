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
    const text = editor && readEditor(editor);
    if (text && text.length <= LONGEST) void this.look(editor, text);
  }

  /**
   * @param {HTMLElement} editor
   * @param {string} [text] What stands in it.
   */
  async look(editor, text = readEditor(editor)) {
    const { guard } = this;
    const { known, channel } = guard;
    const mayLook = () => known.rules && known.isCovered && !guard.isBusy && editor.isConnected && isConnected();
    if (!mayLook()) return;
    const whole = guard.whole(text);
    if (!known.isQuick(whole, channel)) {
      await known.prepare(whole, channel);
      if (!mayLook() || !known.isQuick(whole, channel) || readEditor(editor) !== text) return;
    }
    const local = known.judge(whole, channel);
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
