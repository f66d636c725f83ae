/** At a glance: is this browser protected, and what was decided last. */

import { language, openOptions, text } from "../../browser.js";
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
    const named = kinds.map((kind) => text(`type_${kind}`).replace(/^type_/, "")).join(", ");
    item.append(
      Object.assign(document.createElement("strong"), { textContent: text(`decided_${action}`) }),
      Object.assign(document.createElement("span"), { textContent: named, hidden: !named }),
      Object.assign(document.createElement("span"), { className: "soft", textContent: `${service}, ${new Date(at).toLocaleTimeString(language())}` }),
    );
    return item;
  }),
);
byId("options").addEventListener("click", () => void openOptions());
