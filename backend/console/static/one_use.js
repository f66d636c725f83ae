// Takes the code of a mail from behind the `#` of its link, which no server ever sees.
const field = document.querySelector("#token");
const box = document.querySelector("#code");
const password = document.querySelector("#password");

/** @param {HTMLInputElement} input */
function take(input) {
  const code = location.hash.slice(1);
  if (code) {
    input.value = code;
    history.replaceState(null, "", location.pathname);
  }
  if (box instanceof HTMLElement) box.hidden = input.value !== "";
  (input.value && password instanceof HTMLElement ? password : input).focus();
}

if (field instanceof HTMLInputElement) {
  take(field);
  addEventListener("hashchange", () => take(field));
}
