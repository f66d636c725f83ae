/** Connecting this browser, and what it is connected to. */

import { askForHost, text } from "../../browser.js";
import { ask, byId, overview, showFacts, translate } from "../line.js";

translate();
await show();

async function show() {
  const now = await overview();
  byId("state").textContent = text(`state_${now.state}`, now.clientName);
  byId("facts-card").hidden = now.state === "unconnected";
  showFacts(byId("facts"), [
    ["organisation_label", now.clientName],
    ["person_label", now.userName],
    ["server_label", now.server],
    ["policy_label", String(now.policyVersion ?? "")],
    ["rulebook_label", now.rulebookVersion ?? ""],
    ["waiting_label", String(now.waiting)],
  ]);
  byId("trouble").hidden = !now.trouble;
  byId("trouble").textContent = now.trouble ?? "";
  /** @type {HTMLInputElement} */
  const server = byId("server");
  if (!server.value) server.value = now.server;
}

byId("sync").addEventListener("click", async () => {
  await ask({ t: "sync" });
  await show();
});

byId("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const value = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id)).value.trim();
  const result = byId("result");
  const origin = new URL(value("server")).origin;
  if (!(await askForHost(origin).catch(() => true))) return;
  result.className = "";
  result.textContent = text("connecting");
  const answer = await ask({ t: "enrol", server: origin, code: value("code"), email: value("email") });
  const isFine = answer.t === "enrolled";
  result.className = isFine ? "" : "bad";
  await show();
  result.textContent = isFine ? text("connected", (await overview()).clientName) : text("refused", answer.t === "refused" ? answer.why : "");
});
