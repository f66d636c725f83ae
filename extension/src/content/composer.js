/** The editor a person types in: found from the event, read with a map, changed without breaking it. */

/** @typedef {import("../messages.js").Adapter} Adapter */
/** @typedef {{node: Text, start: number}} Piece A text node and where its text starts. */

const BLOCKS = new Set(["P", "DIV", "LI", "PRE", "H1", "H2", "H3", "H4", "BLOCKQUOTE", "UL", "OL"]);

/**
 * Return the editor an event at `target` is about. Never the first editable of the page: the one in use.
 *
 * @param {EventTarget | null | undefined} target
 * @param {Adapter | null} adapter
 * @returns {HTMLElement | null}
 */
export function composerOf(target, adapter) {
  if (target instanceof Element) {
    const editable = target.closest("textarea, [contenteditable=''], [contenteditable=true]");
    if (editable instanceof HTMLElement) return outermost(editable);
  }
  const known = (adapter?.composer ?? []).flatMap((selector) => [...document.querySelectorAll(selector)]);
  const others = [...document.querySelectorAll("textarea, [contenteditable=''], [contenteditable=true]")];
  const ranked = [...known, ...others].filter((found) => found instanceof HTMLElement && found.getClientRects().length > 0);
  const inUse = ranked.find((found) => found.contains(document.activeElement));
  const withText = ranked.find((found) => readComposer(/** @type {HTMLElement} */ (found)).trim());
  return /** @type {HTMLElement | null} */ (inUse ?? withText ?? ranked[0] ?? null);
}

/** @param {HTMLElement} editable */
function outermost(editable) {
  let found = editable;
  for (let above = editable.parentElement; above?.isContentEditable; above = above.parentElement) found = above;
  return found;
}

/**
 * Return whether a click is on a button that sends.
 *
 * @param {EventTarget | undefined} target
 * @param {Adapter | null} adapter
 */
export function isSendClick(target, adapter) {
  if (!(target instanceof Element)) return false;
  const button = target.closest("button, [role=button], [type=submit]");
  if (!button) return false;
  if (adapter?.send.some((selector) => button.matches(selector))) return true;
  const label = `${button.getAttribute("aria-label") ?? ""} ${button.id} ${button.getAttribute("data-testid") ?? ""} ${button.textContent ?? ""}`;
  return button.getAttribute("type") === "submit" || /\bsend\b|submit/i.test(label);
}

/**
 * Return the button that sends, as near to the editor as there is one.
 *
 * @param {HTMLElement} composer
 * @param {Adapter | null} adapter
 * @returns {HTMLElement | null}
 */
export function sendButton(composer, adapter) {
  const near = composer.closest("form") ?? document;
  for (const root of [near, document]) {
    for (const selector of adapter?.send ?? []) {
      const found = root.querySelector(selector);
      if (found instanceof HTMLElement) return found;
    }
  }
  return near.querySelector("button[type=submit]");
}

/**
 * Return the text of an editor as it will be sent: blocks and breaks are line ends.
 *
 * @param {HTMLElement} composer
 */
export function readComposer(composer) {
  if (composer instanceof HTMLTextAreaElement) return composer.value;
  return mapped(composer).text;
}

/**
 * @param {HTMLElement} composer
 * @returns {{text: string, pieces: Piece[]}}
 */
function mapped(composer) {
  let text = "";
  /** @type {Piece[]} */
  const pieces = [];
  /** @param {Node} node */
  const walk = (node) => {
    if (node instanceof Text) {
      pieces.push({ node, start: text.length });
      text += node.data.replaceAll("\u00a0", " ");
    } else if (node instanceof HTMLBRElement) {
      if (!node.classList.contains("ProseMirror-trailingBreak")) text += "\n";
    } else if (node instanceof Element && node.getAttribute("contenteditable") !== "false") {
      if (BLOCKS.has(node.nodeName) && text && !text.endsWith("\n") && node !== composer) text += "\n";
      for (const child of node.childNodes) walk(child);
    }
  };
  walk(composer);
  return { text, pieces };
}

/**
 * Replace spans (UTF-16) of an editor, last one first, and read back. Return whether the editor now
 * holds exactly what it should; if not, nothing may be sent.
 *
 * @param {HTMLElement} composer
 * @param {{start: number, end: number, placeholder: string}[]} changes
 */
export async function replaceInComposer(composer, changes) {
  const before = readComposer(composer);
  const expected = changes.toReversed().reduce((text, { start, end, placeholder }) => text.slice(0, start) + placeholder + text.slice(end), before);
  composer.focus();
  for (const change of changes.toReversed()) {
    if (composer instanceof HTMLTextAreaElement) replaceInField(composer, change);
    else replaceInPage(composer, change);
    await settled();
  }
  return readComposer(composer) === expected;
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {{start: number, end: number, placeholder: string}} change
 */
function replaceInField(field, { start, end, placeholder }) {
  field.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, placeholder)) return;
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;
  set?.call(field, field.value.slice(0, start) + placeholder + field.value.slice(end));
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/**
 * @param {HTMLElement} composer
 * @param {{start: number, end: number, placeholder: string}} change
 */
function replaceInPage(composer, { start, end, placeholder }) {
  const { pieces } = mapped(composer);
  const first = pieceAt(pieces, start, false);
  const last = pieceAt(pieces, end, true);
  const selection = getSelection();
  if (!first || !last || !selection) return;
  selection.setBaseAndExtent(first.node, start - first.start, last.node, Math.min(end - last.start, last.node.length));
  document.execCommand("insertText", false, placeholder);
}

/**
 * @param {Piece[]} pieces
 * @param {number} offset
 * @param {boolean} isEnd
 */
function pieceAt(pieces, offset, isEnd) {
  return pieces.find(({ node, start }) => (isEnd ? start < offset && offset <= start + node.length : start <= offset && offset < start + node.length));
}

/** Editors read the page's changes a little later. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));
