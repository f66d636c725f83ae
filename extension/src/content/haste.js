/** A held key and a double click were meant for the page, not for a button that came up under them. */

/** Who presses Enter twice in a hurry has not read what came up in between. */
const HASTY_MS = 250;

/** Until when news must stay to be read, in milliseconds of the page. */
let unreadUntil = 0;

/** News came up that a hasty second Enter must not take away. */
export const newsIsUp = () => (unreadUntil = performance.now() + HASTY_MS);

/**
 * Return whether a key should press nothing.
 *
 * @param {Event} event
 * @param {Element | null} focused
 */
export function isHasty(event, focused) {
  if (!(event instanceof KeyboardEvent) || event.key !== "Enter" || !(focused instanceof HTMLButtonElement)) return false;
  return event.repeat || performance.now() < unreadUntil;
}

/** @param {HTMLDialogElement} dialog */
export function ignoreDoubleClicks(dialog) {
  const stop = (/** @type {MouseEvent} */ event) => {
    if (event.detail < 2) return;
    event.preventDefault();
    event.stopPropagation();
  };
  dialog.addEventListener("click", stop, { capture: true });
}
