// Says that a replay is being worked out: a month of a large client takes a second or two.
const box = document.querySelector("#replay");
const said = document.querySelector("#replaying");

document.querySelector("#policy")?.addEventListener("submit", (event) => {
  const button = /** @type {SubmitEvent} */ (event).submitter;
  if (!(button instanceof HTMLButtonElement) || button.value !== "replay") return;
  const days = box?.querySelector("select")?.selectedOptions[0]?.label ?? "";
  said?.replaceChildren(`Replaying ${days} … `, document.createElement("progress"));
  box?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  said?.replaceChildren();
  box?.removeAttribute("aria-busy");
});
