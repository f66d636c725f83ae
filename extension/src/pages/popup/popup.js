/** At a glance: is this browser protected, and what was decided last. */

import { openOptions, text } from "../../browser.js";
import { overview } from "../line.js";
import { byId, moment, showFacts, showState, translate } from "../words.js";

/** @typedef {import("../../messages.js").Decision} Decision */

const MOST_SHOWN = 6;

translate();
byId("options").addEventListener("click", () => void openOptions());
void show();

async function show() {
  const now = await overview();
  showState(now);
  byId("facts-card").hidden = !now.clientName;
  showFacts([
    ["organisation_label", now.clientName],
    ["policy_label", String(now.policyVersion ?? "")],
    ["contact_label", now.lastContact ? moment(now.lastContact) : ""],
    ["network_label", text(now.canStop ? "network_stops" : "network_reports")],
    ["waiting_label", String(now.waiting)],
  ]);
  byId("unguarded").hidden = now.unguarded === 0 || now.state === "unconnected";
  byId("none").hidden = now.recent.length > 0;
  byId("recent").replaceChildren(...now.recent.slice(0, MOST_SHOWN).map(shown));
}

/** @param {Decision} decision */
function shown({ at, action, service, kinds }) {
  const item = document.createElement("li");
  const named = kinds.map((kind) => text(`type_${kind}`).replace(/^type_/, "")).join(", ");
  const line = (/** @type {string} */ className, /** @type {string} */ words) => Object.assign(document.createElement("span"), { className, textContent: words });
  item.append(Object.assign(document.createElement("strong"), { textContent: text(`decided_${action}`) }));
  if (named) item.append(line("", named));
  item.append(line("soft", `${service}, ${moment(at)}`));
  return item;
}
