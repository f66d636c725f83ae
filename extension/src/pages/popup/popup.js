/** At a glance: is this browser protected, what is checked here, what was decided, what was told. */

import { openOptions, openPage, text } from "../../browser.js";
import { typeName } from "../../content/elements.js";
import { overview } from "../line.js";
import { byId, moment, showFacts, showState, translate } from "../words.js";

/** @typedef {import("../../messages.js").Decision} Decision */
/** @typedef {import("../../messages.js").Overview} Overview */
/** @typedef {import("../../messages.js").Sent} Sent */

const AT_A_GLANCE = 4;

translate();
byId("options").addEventListener("click", () => void openOptions());
byId("welcome").addEventListener("click", () => void openPage("src/pages/welcome/welcome.html"));
void show();

async function show() {
  const now = await overview();
  showState(now);
  showStanding(now);
  showHere(now);
  showHistory(now.recent);
  showTold(now.sent);
  byId("facts-card").hidden = !now.clientName;
  showFacts([
    ["organisation_label", now.clientName],
    ["policy_label", String(now.policyVersion ?? "")],
    ["contact_label", now.lastContact ? moment(now.lastContact) : ""],
    ["network_label", text(now.canStop ? "network_stops" : "network_reports")],
    ["waiting_label", String(now.waiting)],
  ]);
}

/** @param {Overview} now */
function showStanding({ state, trouble, unguarded, isShort, graceUntil }) {
  byId("short").hidden = !isShort;
  byId("standing").hidden = trouble !== null;
  byId("standing").textContent = trouble ? "" : text(`standing_${state}`, graceUntil && moment(graceUntil));
  byId("unguarded").hidden = unguarded === 0 || state === "unconnected";
}

/** @param {Overview} now */
function showHere({ here, checked, clientName }) {
  byId("here-card").hidden = !clientName;
  byId("here").textContent = here.isChecked ? text("here_checked", here.host) : text("here_not");
  byId("checked").textContent = checked.join(", ");
}

/** @param {Decision[]} recent */
function showHistory(recent) {
  byId("none").hidden = recent.length > 0;
  byId("recent").replaceChildren(...recent.slice(0, AT_A_GLANCE).map(shown));
  byId("earlier-card").hidden = recent.length <= AT_A_GLANCE;
  byId("earlier").replaceChildren(...recent.slice(AT_A_GLANCE).map(shown));
}

/** @param {Sent[]} sent */
function showTold(sent) {
  byId("none-told").hidden = sent.length > 0;
  byId("told").replaceChildren(...sent.map(told));
}

/**
 * @param {string} className
 * @param {string} words
 */
const line = (className, words) => Object.assign(document.createElement("span"), { className, textContent: words });

/** @param {Decision} decision */
function shown({ at, action, service, kinds }) {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("strong"), { textContent: text(`decided_${action}`) }));
  if (kinds.length) item.append(line("", kinds.map(typeName).join(", ")));
  item.append(line("soft", `${service}, ${moment(at)}`));
  return item;
}

/** @param {Sent} one */
function told({ at, path, said }) {
  const item = document.createElement("li");
  const words = Object.assign(document.createElement("pre"), { textContent: JSON.stringify(said, null, 1), tabIndex: 0 });
  words.setAttribute("role", "group");
  words.setAttribute("aria-label", `${path}, ${moment(at)}`);
  item.append(line("soft", `${moment(at)}, ${path}`), words);
  return item;
}
