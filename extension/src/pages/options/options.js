/** Connecting this browser, and what it is connected to. */

import { askForHosts, text } from "../../browser.js";
import { ask, overview } from "../line.js";
import { byId, moment, showFacts, showState, translate, troubleText } from "../words.js";

/** @typedef {import("../../messages.js").Trouble} Trouble */

/** @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (byId(id));

translate();
byId("sync").addEventListener("click", () => void busy(byId("sync"), () => ask({ t: "sync" })));
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  void busy(byId("connect"), connect);
});
byId("allow").addEventListener("click", () => void askForHosts(origins).then(show, show));
/** What may be asked for, known before somebody presses: a browser takes no question that comes later. @type {string[]} */
let origins = [];
void show();

async function show() {
  const now = await overview();
  const isConnected = now.state !== "unconnected" && now.clientName !== "";
  showState(now);
  byId("facts-card").hidden = !isConnected;
  showFacts([
    ["organisation_label", now.clientName],
    ["person_label", now.userName],
    ["server_label", now.server],
    ["policy_label", String(now.policyVersion ?? "")],
    ["rulebook_label", now.rulebookVersion ?? ""],
    ["contact_label", now.lastContact ? moment(now.lastContact) : ""],
    ["waiting_label", String(now.waiting)],
  ]);
  showBeyond(now);
  byId("form-title").textContent = text(isConnected ? "reconnect_title" : "options_title");
  byId("form-intro").textContent = isConnected ? text("reconnect_intro", now.clientName) : text("options_intro");
  if (document.activeElement !== field("server")) field("server").value ||= now.server;
}

/** @param {import("../../messages.js").Overview} now */
function showBeyond({ beyond, canStop }) {
  ({ origins } = beyond);
  byId("beyond-card").hidden = beyond.names.length === 0;
  byId("beyond").textContent = text("beyond_text", beyond.names.join(", "));
  byId("beyond-watched").textContent = text(beyond.isWatched ? (canStop ? "beyond_stopped" : "beyond_reported") : "beyond_unseen");
  byId("allow").hidden = beyond.isWatched;
}

/**
 * One thing at a time: what is pressed twice is done once.
 *
 * @param {HTMLButtonElement} button
 * @param {() => Promise<unknown>} work
 */
async function busy(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true"); // `disabled` would take the focus away
  try {
    await work();
    await show();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

async function connect() {
  const { origin } = new URL(field("server").value.trim());
  tell("", "");
  if (!(await askForHosts([`${origin}/*`]).catch(() => true))) return tell(text("host_refused", origin), "bad");
  tell(text("connecting"), "");
  const answer = await ask({ t: "enrol", server: origin, code: field("code").value.trim(), email: field("email").value.trim() });
  if (answer.t !== "enrolled") return tell(text("refused", answer.t === "refused" ? troubleText(answer.trouble) : ""), "bad");
  field("code").value = "";
  tell(text("connected", (await overview()).clientName), "good");
}

/**
 * @param {string} words
 * @param {string} look
 */
function tell(words, look) {
  byId("result").className = look;
  byId("result").textContent = words;
}
