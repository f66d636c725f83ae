// A change that is not published is seen, and is not left behind by accident.
const form = /** @type {HTMLFormElement} */ (document.getElementById("policy"));
const said = document.getElementById("unsaved");
const untouched = fields();
let isLeavingOnPurpose = false;

function fields() {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** A choice may have been changed before this ran: it is marked, though nothing changed since. */
function isDirty() {
  return form.dataset.draft !== undefined || fields() !== untouched || form.querySelector(".rule .unsaved") !== null;
}

function tell() {
  for (const rule of form.querySelectorAll(".rule")) mark(rule);
  if (said) said.textContent = isDirty() ? "Changed, not published yet." : "";
}

/**
 * Say at one choice that it differs from what the page came with.
 * @param {Element} rule
 */
function mark(rule) {
  const select = rule.querySelector("select");
  const isChanged = Boolean(select && ![...select.options].every((option) => option.selected === option.defaultSelected));
  const there = rule.querySelector(".unsaved");
  if (!isChanged) there?.remove();
  else if (!there) {
    const made = document.createElement("span");
    made.className = "unsaved";
    made.textContent = "changed, not published yet";
    rule.append(made);
  }
}

form.addEventListener("input", tell);
form.addEventListener("submit", () => (isLeavingOnPurpose = true));
for (const link of document.querySelectorAll("main a.leave")) link.addEventListener("click", () => (isLeavingOnPurpose = true));
addEventListener("beforeunload", (event) => {
  if (!isLeavingOnPurpose && isDirty()) event.preventDefault();
});
tell();
