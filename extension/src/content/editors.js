/** Which editors a page has, and which of them something is about: the nearest, never just the first. */

const EDITABLE = "textarea, [contenteditable]:not([contenteditable=false i])";

/**
 * Return the editor an element is in, or null.
 *
 * @param {EventTarget | null | undefined} target
 * @returns {HTMLElement | null}
 */
export function editorOf(target) {
  if (!(target instanceof Element)) return null;
  const found = target.closest(EDITABLE);
  if (found instanceof HTMLTextAreaElement) return found;
  return found instanceof HTMLElement && found.isContentEditable ? outermost(found) : null;
}

/** @param {HTMLElement} editable */
function outermost(editable) {
  let found = editable;
  for (let above = editable.parentElement; above?.isContentEditable; above = above.parentElement) found = above;
  return found;
}

/**
 * Return the editors a person can see inside `root`.
 *
 * @param {ParentNode} root
 */
export function editorsIn(root) {
  const found = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(EDITABLE)]);
  return found.filter((editor) => editorOf(editor) === editor && editor.getClientRects().length > 0);
}

/**
 * Return the editors of the smallest part of the page that holds `start` and an editor.
 *
 * @param {Element} start
 */
export function editorsNear(start) {
  for (let around = /** @type {Element | null} */ (start); around; around = above(around)) {
    const found = editorsIn(around);
    if (found.length) return found;
  }
  return [];
}

/**
 * Return the parent, also out of an open shadow root.
 *
 * @param {Element} element
 */
export function above(element) {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/**
 * Whether a form is about an editor, one that people see or one that a page keeps beside it.
 *
 * @param {HTMLFormElement | null | undefined} form
 */
export const isAboutEditor = (form) => Boolean(form && (form.querySelector(EDITABLE) ?? [...form.elements].find((part) => part instanceof HTMLTextAreaElement)));
