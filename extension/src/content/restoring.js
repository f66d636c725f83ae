/**
 * Shows the original values in an answer, over their placeholders. They stand in our closed root and in the
 * memory of this tab, never in the page: it keeps its placeholders, and nothing of it can be read back.
 */

import { Placeholders } from "../detection/masking.js";
import { element, say } from "./elements.js";
import { mapped } from "./reading.js";

/** @typedef {{range: Range, home: Element, placeholder: string, shown: HTMLElement}} Place */

const PLACEHOLDER = /\[[A-Z][A-Z0-9_]{0,63}_[0-9]{1,4}\]/g;
/** What a person writes in is not covered; what nobody sees need not be. */
const NOT_READ = "textarea, input, [contenteditable]:not([contenteditable=false i]), script, style, noscript, template";
const MOST_SHOWN = 300;
/** An answer comes in hundreds of small pieces. */
const PAUSE_MS = 150;
/** Letters are not squeezed below this share of their width. */
const NARROWEST = 0.6;

export class Restoring {
  /** @param {ShadowRoot} root */
  constructor(root) {
    this.placeholders = new Placeholders();
    /** @type {Map<string, string>} */
    this.values = new Map();
    /** @type {Place[]} */
    this.places = [];
    this.list = element("ul", { className: "restored", ariaLabel: say("restored_label") });
    this.root = root;
    this.isDue = false;
  }

  /**
   * Keep what was replaced in a text, as long as this tab lives.
   *
   * @param {string} text
   * @param {import("./replacing.js").Change[]} changes
   */
  remember(text, changes) {
    if (!this.values.size && changes.length) this.#watch();
    for (const { start, end, placeholder } of changes) this.values.set(placeholder, text.slice(start, end));
    this.#soon();
  }

  #watch() {
    this.root.append(this.list);
    new MutationObserver(() => this.#soon()).observe(document, { childList: true, characterData: true, subtree: true });
    const follow = () => requestAnimationFrame(() => this.#lay());
    for (const type of ["scroll", "resize"]) window.addEventListener(type, follow, { capture: true, passive: true });
  }

  #soon() {
    if (this.isDue) return;
    this.isDue = true;
    setTimeout(() => {
      this.isDue = false;
      this.#look();
    }, PAUSE_MS);
  }

  /** Find the placeholders that are on the page now. */
  #look() {
    if (!document.body) return;
    const { text, pieces } = mapped(document.body);
    const found = [...text.matchAll(PLACEHOLDER)].filter(([word]) => this.values.has(word));
    this.places = found.slice(0, MOST_SHOWN).flatMap(({ 0: word, index }) => {
      const [first, last] = [pieces.findLast(({ start }) => start <= index), pieces.findLast(({ start }) => start < index + word.length)];
      const home = first?.node.parentElement;
      if (!first || !last || !home || home.closest(NOT_READ)) return [];
      const range = new Range();
      range.setStart(first.node, index - first.start);
      range.setEnd(last.node, Math.min(index + word.length - last.start, last.node.length));
      const value = this.values.get(word) ?? "";
      return [{ range, home, placeholder: word, shown: element("li", { hidden: true, ariaLabel: `${word}: ${value}` }, element("span", { textContent: value })) }];
    });
    this.list.replaceChildren(...this.places.map(({ shown }) => shown));
    this.#lay();
  }

  /** Put every value where its placeholder is; where something lies over it, or it is scrolled away, nothing. */
  #lay() {
    for (const { range, home, shown } of this.places) {
      const box = range.getClientRects()[0];
      const isSeen = box && box.width > 0 && isOnTop(box, home);
      shown.hidden = !isSeen;
      if (isSeen) fit(shown, box, getComputedStyle(home));
    }
  }
}

/**
 * @param {DOMRect} box
 * @param {Element} home
 */
function isOnTop({ left, top, width, height }, home) {
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return there !== null && (there.contains(home) || home.contains(there));
}

/**
 * @param {HTMLElement} shown
 * @param {DOMRect} box
 * @param {CSSStyleDeclaration} style Of the text below.
 */
function fit(shown, box, style) {
  const { font, letterSpacing } = style;
  Object.assign(shown.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height + 3}px`, font, letterSpacing });
  const word = /** @type {HTMLElement} */ (shown.firstElementChild);
  word.style.transform = "";
  const share = box.width / Math.max(word.scrollWidth, word.getBoundingClientRect().width, 1);
  if (share >= 1) return;
  // A longer value takes the room to its right as far as it must, rather than being cut.
  if (share < NARROWEST) shown.style.width = `${(box.width * NARROWEST) / share}px`;
  word.style.transform = `scaleX(${Math.max(share, NARROWEST)})`;
}
