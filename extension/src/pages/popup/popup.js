/** At a glance: is this browser protected, and what was decided last. */

import { openOptions, text } from "../../browser.js";
import { byId, overview, showFacts, translate } from "../line.js";

translate();
const now = await overview();
byId("state").textContent = text(`state_${now.state}`, now.clientName);
showFacts(byId("facts"), [
  ["organisation_label", now.clientName],
  ["policy_label", String(now.policyVersion ?? "")],
  ["waiting_label", String(now.waiting)],
]);
byId("none").hidden = now.recent.length > 0;
byId("recent").replaceChildren(
  ...now.recent.slice(0, 6).map(({ at, action, service, kinds }) => {
    const item = document.createElement("li");
    const what = kinds.length ? `${action.replaceAll("_", " ")}: ${kinds.join(", ")}` : action.replaceAll("_", " ");
    item.append(
      Object.assign(document.createElement("span"), { textContent: what }),
      Object.assign(document.createElement("span"), { className: "soft", textContent: `${service} ${new Date(at).toLocaleTimeString()}` }),
    );
    return item;
  }),
);
byId("options").addEventListener("click", () => void openOptions());
