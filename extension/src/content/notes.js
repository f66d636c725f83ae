/** What stands at the edge of a page: the state, a first notice, a hint at the editor. */

import { button, element, say, typeName } from "./elements.js";

const HINT_MS = 15_000;

export class Notes {
  /**
   * @param {ShadowRoot} root
   * @param {HTMLElement} edge Where what has to be read stands.
   */
  constructor(root, edge) {
    this.edge = edge;
    this.badge = element("div", { className: "badge", hidden: true, role: "status" });
    this.words = element("p", {});
    const away = button("close", () => this.hideHint());
    away.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the editor
    this.hint = element("div", { className: "hint", hidden: true }, this.words, away);
    /** Always there, so that a screen reader tells of what it comes to hold. */
    this.spoken = element("p", { className: "spoken", role: "status" });
    /** @type {HTMLElement | null} */
    this.notice = null;
    root.append(this.badge, this.hint, this.spoken);
  }

  /**
   * Say above the editor that this will be held; the focus stays where it is.
   *
   * @param {string[]} types
   * @param {DOMRect} editor
   */
  showHint(types, editor) {
    const names = [...new Set(types.map(typeName))].join(", ");
    this.hintAt(names ? say("hint_text", names) : say("hint_service_text"), editor);
  }

  /**
   * @param {string} words
   * @param {DOMRect} editor
   */
  hintAt(words, editor) {
    this.words.textContent = words;
    this.hint.style.left = `${Math.max(12, editor.left)}px`;
    this.hint.style.bottom = `${Math.max(12, innerHeight - editor.top + 24)}px`;
    this.hint.hidden = false;
    this.spoken.textContent = this.words.textContent;
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => this.hideHint(), HINT_MS);
  }

  hideHint() {
    this.hint.hidden = true;
    this.spoken.textContent = "";
  }

  /** @param {import("../messages.js").StateMessage} message */
  showState({ state, hasRules, clientName }) {
    this.#showBadge(state, say(state === "degraded" && !hasRules ? "state_holding" : `state_${state}`, clientName));
  }

  /** This part of the site is none of our business. */
  hideState() {
    this.badge.hidden = true;
    this.notice?.remove();
    this.notice = null;
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
   * @param {() => void} onMore
   */
  showNotice(clientName, onSeen, onMore) {
    if (this.notice) return;
    const seen = button("got_it", () => (this.hideNotice(), onSeen()), "main");
    const more = button("open_welcome", onMore);
    for (const way of [seen, more]) way.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the editor
    this.notice = element("section", { className: "notice", ariaLabel: say("notice_title"), ariaLive: "polite" });
    this.edge.append(this.notice);
    this.notice.append(element("h2", { textContent: say("notice_title") }), element("p", { textContent: say("notice_text", clientName) }), element("div", { className: "ways" }, seen, more));
  }

  hideNotice() {
    this.notice?.remove();
    this.notice = null;
  }
}
