// Renews every part of the page that asks for it, while somebody looks; slower when that takes long.
import { renew, signedOut } from "./fragments.js";

const RESTING_SHARE = 5;
const LONGEST_MS = 30_000;

/** @param {HTMLElement} box */
function keepFresh(box) {
  const every = Number(box.dataset.every);
  let failures = 0;

  async function once() {
    if (signedOut()) return;
    let wait = every;
    if (document.visibilityState === "visible") {
      const begun = performance.now();
      failures = (await renew(box, box.dataset.renew ?? "")) ? 0 : failures + 1;
      wait = Math.max(every * 2 ** failures, (performance.now() - begun) * RESTING_SHARE);
    }
    setTimeout(once, Math.min(wait, LONGEST_MS));
  }

  setTimeout(once, every);
}

for (const box of document.querySelectorAll("[data-renew]")) keepFresh(/** @type {HTMLElement} */ (box));
