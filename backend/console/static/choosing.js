// Counts what is ticked, and ticks everything that is shown.
const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name='client']")]);
const all = /** @type {HTMLButtonElement | null} */ (document.querySelector("#tick-all"));
const chosen = document.querySelector("#chosen");

function tell() {
  const count = boxes.filter((box) => box.checked).length;
  if (chosen) chosen.textContent = count ? `${count} ticked` : "";
}

all?.addEventListener("click", () => {
  const isWhole = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !isWhole;
  tell();
});
for (const box of boxes) box.addEventListener("change", tell);
if (all) all.hidden = boxes.length < 2;
tell();
