// Renews every part of the page that asks for it, while somebody looks; slower when that takes long.
import { renew } from "./fragments.js";

const RESTING_SHARE = 5;
const LONGEST_MS = 30_000;

/** @param {HTMLElement} box */
function keepFresh(box) {
  const every = Number(box.dataset.every);
  let failures = 0;
  let timer = 0;

  async function once() {
    const begun = performance.now();
    failures = (await renew(box, box.dataset.renew ?? "")) ? 0 : failures + 1;
    const wait = Math.max(every * 2 ** failures, (performance.now() - begun) * RESTING_SHARE);
    later(Math.min(wait, LONGEST_MS));
  }

  /** @param {number} milliseconds */
  function later(milliseconds) {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(once, milliseconds);
  }

  document.addEventListener("visibilitychange", () => later(0));
  later(every);
}

for (const box of document.querySelectorAll("[data-renew]")) keepFresh(/** @type {HTMLElement} */ (box));
