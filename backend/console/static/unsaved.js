// A change that is not published is not left behind by accident.
const form = /** @type {HTMLFormElement} */ (document.getElementById("policy"));
const said = document.getElementById("unsaved");
const untouched = fields();
let isLeavingOnPurpose = false;

function fields() {
  return JSON.stringify([...new FormData(form)]);
}

function isDirty() {
  return form.dataset.draft !== undefined || fields() !== untouched;
}

function tell() {
  if (said) said.textContent = isDirty() ? "Changed, not published yet." : "";
}

form.addEventListener("input", tell);
form.addEventListener("submit", () => (isLeavingOnPurpose = true));
for (const link of document.querySelectorAll("main a.leave")) link.addEventListener("click", () => (isLeavingOnPurpose = true));
addEventListener("beforeunload", (event) => {
  if (!isLeavingOnPurpose && isDirty()) event.preventDefault();
});
tell();
