// Fetches a part of the page anew, and says so when it cannot: nobody looks at old figures unawares.
import { morph } from "./morph.js";
import { absolute, localise } from "./times.js";

const notice = /** @type {HTMLElement} */ (document.getElementById("connection"));
let freshAt = new Date();
let isLost = false;
let isSignedOut = false;

/**
 * Make `box` what the server says now. Resolve to false where it could not.
 * @param {HTMLElement} box
 * @param {string} href
 */
export async function renew(box, href) {
  const answer = await fetch(href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) {
    if (answer?.status === 401) tellSignedOut();
    else tellLost();
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
  link.href = notice.dataset.signIn ?? "";
  link.target = "_blank";
  link.textContent = "Sign in again, in a new tab";
  say("problem", "Your session has ended", "What you typed on this page is still here. It goes on as soon as you are signed in again.", link);
}

function tellLost() {
  if (isSignedOut || isLost) return;
  isLost = true;
  say("warning", "The server does not answer", `What you see is from ${absolute(freshAt, new Date())}. Trying again …`);
}

function tellFound() {
  if (isLost || isSignedOut) notice.hidden = true;
  freshAt = new Date();
  isLost = false;
  isSignedOut = false;
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
