// Fetches a part of the page anew, and says so when it cannot: nobody looks at old figures unawares.
import { morph } from "./morph.js";
import { absolute, localise } from "./times.js";

const notice = /** @type {HTMLElement} */ (document.getElementById("connection"));
/** @type {Date | null} */
let lostAt = null;
let isSignedOut = false;

/** Whether the session has ended; then there is nothing to fetch any more. */
export function signedOut() {
  return isSignedOut;
}

/**
 * Make `box` what the server says now. Resolve to false where it could not.
 * @param {HTMLElement} box
 * @param {string} href
 */
export async function renew(box, href) {
  const answer = await fetch(href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.status === 401) tellSignedOut();
  if (!answer?.ok) {
    tellLost();
    return false;
  }
  const fresh = /** @type {HTMLElement} */ (box.cloneNode(false));
  fresh.innerHTML = await answer.text();
  localise(fresh);
  morph(box, fresh);
  tellFound();
  return true;
}

/** Say that the session has ended, leaving the page and what was typed on it as they are. */
export function tellSignedOut() {
  if (isSignedOut) return;
  isSignedOut = true;
  const link = document.createElement("a");
  const here = location.pathname + location.search;
  link.href = `${notice.dataset.signIn}?next=${encodeURIComponent(here)}`;
  link.textContent = "Sign in again";
  say("problem", "Your session has ended", "This page is not renewed any more. What you typed on it is still here.", link);
}

function tellLost() {
  if (isSignedOut || lostAt) return;
  lostAt = new Date();
  say("warning", "The server does not answer", `What you see is from ${absolute(lostAt, lostAt)}. Trying again …`);
}

function tellFound() {
  if (lostAt && !isSignedOut) notice.hidden = true;
  lostAt = null;
}

/**
 * @param {string} look
 * @param {string} title
 * @param {string} detail
 * @param {Node[]} more
 */
function say(look, title, detail, ...more) {
  const strong = document.createElement("strong");
  const span = document.createElement("span");
  strong.textContent = title;
  span.textContent = detail;
  notice.className = `notice ${look}`;
  notice.replaceChildren(strong, span, ...more);
  notice.hidden = false;
}
