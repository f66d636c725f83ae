/**
 * Runs before the page's first script: holds every send until the modules have loaded and judged it.
 * Classic and tiny on purpose; everything else is in modules.
 */
(() => {
  const LOADING_MS = 4000;
  /** @type {{onAttempt: (event: Event, isSend: boolean) => void} | null} */
  let guard = null;
  /** @type {Event[]} */
  const early = [];

  /** @param {Event} event */
  const isEnter = (event) =>
    event instanceof KeyboardEvent && event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;

  /** @param {Event} event */
  const attempt = (event) => {
    if (event.type === "keydown" && !isEnter(event)) return;
    if (guard) return guard.onAttempt(event, event.type !== "paste");
    if (event.type === "paste" || !isEditable(event)) return;
    // Not loaded yet: nothing leaves unjudged. The person tries again in a moment.
    event.preventDefault();
    event.stopImmediatePropagation();
    early.push(event);
  };

  /** @param {Event} event */
  const isEditable = (event) => {
    const target = event.composedPath()[0];
    if (!(target instanceof Element)) return false;
    if (event.type === "keydown") return Boolean(target.closest("textarea, [contenteditable]"));
    return Boolean(target.closest("button, [role=button], [type=submit]") && document.querySelector("textarea, [contenteditable]"));
  };

  for (const type of ["keydown", "click", "submit", "paste"]) window.addEventListener(type, attempt, { capture: true });

  const loaded = import(chrome.runtime.getURL("src/content/guard.js")).then((module) => {
    guard = module.startGuard();
    const last = early.at(-1);
    if (last) guard?.onAttempt(last, true);
  });
  const late = new Promise((_resolve, reject) => setTimeout(() => reject(new Error("late")), LOADING_MS));
  Promise.race([loaded, late]).catch(() => {
    if (guard || !document.documentElement) return;
    console.warn("Quillgate could not start on this page. Sending is held; reload the page.");
  });
})();
