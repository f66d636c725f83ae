/** Replaces parts of what stands in an editor, without breaking the editor, and reads back. */

import { mapped, readEditor } from "./reading.js";

/** @typedef {import("./reading.js").Piece} Piece */
/** @typedef {{start: number, end: number, placeholder: string}} Change A span in UTF-16 and what it becomes. */
/** @typedef {{first: Piece | undefined, last: Piece | undefined, start: number, end: number, changes: Change[]}} Part */

/** Each step costs an editor about a millisecond, and more the longer its text is. */
const MOST_STEPS = 300;
/** Editors read the page's changes a little later. */
const SETTLED_MS = 30;

/**
 * Replace spans, last one first, all in one go, so that one "undo" brings the draft back. Return
 * whether the editor then holds exactly what it should; if not, nothing may be sent.
 *
 * @param {HTMLElement} editor
 * @param {Change[]} changes
 */
export async function replaceIn(editor, changes) {
  const wanted = replaced(readEditor(editor), changes);
  editor.focus();
  if (editor instanceof HTMLTextAreaElement) replaceInField(editor, changes, wanted);
  else await replaceInPage(editor, changes);
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  return readEditor(editor) === wanted;
}

/**
 * Return a part of a text with its changes made.
 *
 * @param {string} text
 * @param {Change[]} changes
 * @param {number} [from]
 * @param {number} [to]
 */
export function replaced(text, changes, from = 0, to = text.length) {
  let made = "";
  let position = from;
  for (const { start, end, placeholder } of changes) {
    made += text.slice(position, start) + placeholder;
    position = end;
  }
  return made + text.slice(position, to);
}

/**
 * Return what replaces in other texts the values that are changed in this one, wherever they stand alone.
 *
 * @param {string} text
 * @param {Change[]} changes
 * @returns {(other: string) => string}
 */
export function byValue(text, changes) {
  const placeholders = new Map(changes.map(({ start, end, placeholder }) => [text.slice(start, end), placeholder]));
  const values = [...placeholders.keys()].filter(Boolean).toSorted((a, b) => b.length - a.length).map((value) => value.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  const any = new RegExp(`(?<![\\p{L}\\p{N}])(?:${values.join("|")})(?![\\p{L}\\p{N}])`, "gu");
  return (other) => other.replace(any, (value) => placeholders.get(value) ?? value);
}

/**
 * Whether an editor can take so many changes without keeping a person waiting; a field takes any.
 *
 * @param {HTMLElement} editor
 * @param {Change[]} changes
 */
export const canReplace = (editor, changes) => editor instanceof HTMLTextAreaElement || inParts(mapped(editor).pieces, changes).length <= MOST_STEPS;

/**
 * @param {HTMLTextAreaElement} field
 * @param {Change[]} changes
 * @param {string} wanted
 */
function replaceInField(field, changes, wanted) {
  const [from, to] = [changes[0]?.start ?? 0, changes.at(-1)?.end ?? 0];
  const behind = field.value.length - to;
  field.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, wanted.slice(from, wanted.length - behind))) return;
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set;
  set?.call(field, wanted);
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/**
 * The last part first: what stands before it stays where it was.
 *
 * @param {HTMLElement} editor
 * @param {Change[]} changes
 */
async function replaceInPage(editor, changes) {
  const { text, pieces } = mapped(editor);
  const selection = getSelection();
  const isSlate = editor.matches("[data-slate-editor]");
  for (const { first, last, start, end, changes: within } of inParts(pieces, changes).toReversed()) {
    if (!first || !last || !selection) return;
    selection.setBaseAndExtent(first.node, Math.min(start - first.start, first.node.length), last.node, Math.min(end - last.start, last.node.length));
    const data = replaced(text, within, start, end);
    if (!isSlate) document.execCommand("insertText", false, data);
    else await heard().then(() => editor.dispatchEvent(new InputEvent("beforeinput", { inputType: "insertReplacementText", data, bubbles: true, cancelable: true })));
  }
}

/** Slate's own text would stay as it is by a command; it is told, once it has heard what is selected. */
const heard = () =>
  new Promise((resolve) => {
    document.addEventListener("selectionchange", resolve, { once: true });
    setTimeout(resolve, SETTLED_MS);
  });

/**
 * Return the changes by the text node they are in: one node is one step, and keeps its looks.
 *
 * @param {Piece[]} pieces
 * @param {Change[]} changes
 * @returns {Part[]}
 */
function inParts(pieces, changes) {
  /** @type {Part[]} */
  const parts = [];
  for (const change of changes) {
    const first = pieces[lastUpTo(pieces, change.start)];
    const last = pieces[lastUpTo(pieces, change.end - 1)];
    const part = parts.at(-1);
    if (part && first && part.first === first && part.last === first && last === first) {
      part.changes.push(change);
      part.end = change.end;
    } else parts.push({ first, last, start: change.start, end: change.end, changes: [change] });
  }
  return parts;
}

/**
 * Return the position of the last piece that starts at `offset` or before it; pieces are in order.
 *
 * @param {Piece[]} pieces
 * @param {number} offset
 */
function lastUpTo(pieces, offset) {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {Piece} */ (pieces[middle]).start <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
