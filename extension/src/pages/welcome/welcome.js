/** What is checked, what leaves, who sees it, and how to object: said once, found again in the popup. */

import { text } from "../../browser.js";
import { ask, overview } from "../line.js";
import { byId, translate } from "../words.js";

translate();
byId("seen").addEventListener("click", () => void note());
void show();

async function show() {
  const { clientName, checked, contact } = await overview();
  const owner = clientName || text("your_organisation");
  byId("intro").textContent = text("welcome_intro", owner);
  byId("names").textContent = checked.join(", ");
  byId("sees").textContent = text("welcome_sees_text", owner);
  byId("object").textContent = text("welcome_object_text", contact || text("your_administrator"));
}

async function note() {
  await ask({ t: "notice-seen" });
  byId("noted").textContent = text("welcome_noted");
}
