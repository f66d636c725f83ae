/** One try to send: the editors it is about, and how to do the same once more. */

import { above, editorOf, editorsIn, editorsNear, isAboutEditor } from "./editors.js";

/** @typedef {import("../messages.js").Adapter} Adapter */
/** @typedef {{editors: HTMLElement[], again: (editor: HTMLElement) => void}} Attempt */

const BUTTON = "button, [role=button], [type=submit], [type=image]";
/** A page says it in the language of its reader. */
const SENDS = /\bsend\b|submit|enviar|envoyer|senden|\binvia\b|verzenden|wyślij|отправить|送信|发送|發送|보내기/i;

/**
 * Return what an event tries to send, or null when it sends nothing.
 *
 * @param {Event} event
 * @param {EventTarget | null | undefined} target
 * @param {Adapter | null} adapter
 * @returns {Attempt | null}
 */
export function attemptOf(event, target, adapter) {
  if (event.type === "keydown") return ofEnter(target, adapter);
  return event.type === "click" ? ofClick(target, adapter) : ofSubmit(event, target, adapter);
}

/**
 * @param {EventTarget | null | undefined} target
 * @param {Adapter | null} adapter
 */
function ofEnter(target, adapter) {
  const editor = editorOf(target);
  return editor && { editors: [editor], again: () => sendFrom(editor, adapter) };
}

/**
 * @param {EventTarget | null | undefined} target
 * @param {Adapter | null} adapter
 */
function ofClick(target, adapter) {
  const button = target instanceof Element ? target.closest(BUTTON) : null;
  if (!(button instanceof HTMLElement) || !sends(button, adapter)) return null;
  return {
    editors: editorsNear(button),
    again: (/** @type {HTMLElement} */ editor) => {
      const same = button.isConnected ? button : buttonNear(editor, (found) => labelOf(found) === labelOf(button));
      if (same) same.click();
      else sendFrom(editor, adapter);
    },
  };
}

/** @param {HTMLElement} button */
const labelOf = (button) => `${button.getAttribute("aria-label") ?? ""} ${button.id} ${button.dataset.testid ?? ""} ${button.textContent ?? ""}`;

/**
 * @param {HTMLElement} button
 * @param {Adapter | null} adapter
 */
function sends(button, adapter) {
  if (adapter?.send.some((selector) => button.matches(selector))) return true;
  return SENDS.test(labelOf(button)) || (isSubmitting(button) && isAboutEditor(button.form));
}

/**
 * @param {HTMLElement} button
 * @returns {button is HTMLButtonElement}
 */
const isSubmitting = (button) => (button instanceof HTMLButtonElement || button instanceof HTMLInputElement) && ["submit", "image"].includes(button.type);

/**
 * @param {Event} event
 * @param {EventTarget | null | undefined} target
 * @param {Adapter | null} adapter
 */
function ofSubmit(event, target, adapter) {
  const form = target instanceof HTMLFormElement && isAboutEditor(target) ? target : null;
  const submitter = event instanceof SubmitEvent && event.submitter?.isConnected ? event.submitter : null;
  if (!form) return null;
  return {
    editors: editorsNear(form),
    again: (/** @type {HTMLElement} */ editor) => (form.isConnected ? form.requestSubmit(submitter) : sendFrom(editor, adapter)),
  };
}

/**
 * Send as a person would from this editor: by the button that belongs to it, else by Enter.
 *
 * @param {HTMLElement} editor
 * @param {Adapter | null} adapter
 */
function sendFrom(editor, adapter) {
  const button = buttonNear(editor, (found) => adapter?.send.some((selector) => found.matches(selector)) || (isSubmitting(found) && isAboutEditor(found.form)));
  if (button) return button.click();
  for (const type of ["keydown", "keyup"]) editor.dispatchEvent(new KeyboardEvent(type, { key: "Enter", code: "Enter", bubbles: true, cancelable: true, composed: true }));
}

/**
 * Return the nearest usable button of this kind that cannot be another editor's.
 *
 * @param {HTMLElement} editor
 * @param {(button: HTMLElement) => boolean | undefined} isWanted
 */
function buttonNear(editor, isWanted) {
  for (let around = above(editor); around; around = above(around)) {
    if (editorsIn(around).some((other) => other !== editor)) return null;
    const buttons = /** @type {HTMLElement[]} */ ([...around.querySelectorAll(BUTTON)].filter((found) => found instanceof HTMLElement));
    const found = buttons.find((button) => isUsable(button) && isWanted(button));
    if (found) return found;
  }
  return null;
}

/** @param {HTMLElement} button */
const isUsable = (button) => !button.matches(":disabled, [aria-disabled=true]") && button.getClientRects().length > 0;
