/** Asking to use another AI service, and what became of it. */

import { text } from "../../browser.js";
import { ask, overview } from "../line.js";
import { byId, moment, troubleText } from "../words.js";

/** @typedef {import("../../messages.js").ServiceRequest} ServiceRequest */
/** @typedef {import("../../messages.js").FromPage} FromPage */

/** @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (byId(id));

byId("services-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void send();
});
// Connecting happens on the same page: the first look may come before it.
new MutationObserver(() => void show()).observe(byId("facts-card"), { attributes: true, attributeFilter: ["hidden"] });
void show();

async function show() {
  const { clientName } = await overview();
  byId("services-card").hidden = !clientName;
  byId("services-intro").textContent = text("services_intro", clientName);
  if (clientName) await renew({ t: "services?" });
}

/** @param {FromPage} question */
async function renew(question) {
  const answer = await ask(question);
  if (answer.t !== "services") return answer.t === "refused" ? troubleText(answer.trouble) : text("trouble_broken");
  byId("service-names").replaceChildren(...answer.names.map((value) => Object.assign(document.createElement("option"), { value })));
  byId("service-requests").replaceChildren(...answer.requests.map(shown));
  return "";
}

async function send() {
  const button = byId("ask-service");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    const wrong = await renew({ t: "ask-service", service: field("service").value, reason: field("service-reason").value, days: Number(field("service-days").value) });
    byId("service-result").className = wrong ? "bad" : "good";
    byId("service-result").textContent = wrong || text("service_asked");
    if (!wrong) for (const id of ["service", "service-reason"]) field(id).value = "";
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** @param {ServiceRequest} request */
function shown({ name, state, decision, endsAt }) {
  const item = document.createElement("li");
  const line = (/** @type {string} */ words) => Object.assign(document.createElement("span"), { className: "soft", textContent: words });
  item.append(Object.assign(document.createElement("strong"), { textContent: name }), line(text(`service_is_${state}`, endsAt ? moment(endsAt) : "")));
  if (decision) item.append(line(`“${decision}”`));
  return item;
}
