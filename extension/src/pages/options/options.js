/** Connecting this browser, and what it is connected to. */

import { askForHost, text } from "../../browser.js";
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
  byId("form-title").textContent = text(isConnected ? "reconnect_title" : "options_title");
  byId("form-intro").textContent = isConnected ? text("reconnect_intro", now.clientName) : text("options_intro");
  if (document.activeElement !== field("server")) field("server").value ||= now.server;
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
  if (!(await askForHost(origin).catch(() => true))) return tell(text("host_refused", origin), "bad");
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
