// Says that a replay is being worked out: a month of a large client takes a second or two.
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#replay"));
const said = document.querySelector("#replaying");

form?.addEventListener("submit", () => {
  const days = form.querySelector("select")?.selectedOptions[0]?.label ?? "";
  if (said) said.replaceChildren(`Replaying ${days} … `, document.createElement("progress"));
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  said?.replaceChildren();
  form?.removeAttribute("aria-busy");
});
