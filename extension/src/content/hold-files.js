/**
 * Runs before the page's first script, beside start.js: takes every file out of what a person picks, drops
 * or pastes, before the page sees it. Classic and tiny on purpose; what becomes of it is decided in uploads.js.
 */
(() => {
  const TYPES = ["input", "change", "drop", "paste"];
  /** @typedef {import("./carriers.js").Taken} Taken */
  const covered = /** @type {NonNullable<typeof globalThis.quillgateCovered>} */ (globalThis.quillgateCovered);
  /** @type {import("./uploads.js").Uploads | null} */
  let uploads = null;
  /** @type {Taken[]} */
  const early = [];

  /** @param {Event} event */
  const stop = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  /** @param {Event} event */
  const onEvent = (event) => {
    if (!covered.isAwake) return;
    const taken = event.type === "drop" || event.type === "paste" ? carried(event) : picked(event);
    if (!taken || uploads?.mayPass(event, taken.files)) return;
    stop(event);
    if (taken.way === "uploaded") empty(taken);
    if (uploads) uploads.take(taken);
    else early.push(taken);
  };

  /**
   * @param {Event} event
   * @returns {Taken | null}
   */
  const picked = (event) => {
    const target = event.composedPath()[0];
    if (!(target instanceof HTMLInputElement) || target.type !== "file" || !target.files?.length) return null;
    return { way: "uploaded", target, files: [...target.files], entries: [], texts: [], place: {} };
  };

  /**
   * Nobody shall find the files there meanwhile. The change that the browser tells of next is about nothing;
   * it does not leave a shadow root, so it is caught where it starts.
   *
   * @param {Taken} taken
   */
  const empty = ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    target.value = "";
    const root = target.getRootNode();
    const swallow = (/** @type {Event} */ event) => event.composedPath()[0] === target && !target.files?.length && stop(event);
    root.addEventListener("change", swallow, { capture: true, once: true });
    setTimeout(() => root.removeEventListener("change", swallow, { capture: true }));
  };

  /**
   * What is dropped or pasted can be read only now.
   *
   * @param {Event} event
   * @returns {Taken | null}
   */
  const carried = (event) => {
    const data = event instanceof ClipboardEvent ? event.clipboardData : event instanceof DragEvent ? event.dataTransfer : null;
    const items = data ? [...data.items].filter(({ kind }) => kind === "file") : [];
    if (!data || !items.length) return null;
    const entries = items.flatMap((item) => item.webkitGetAsEntry() ?? []).filter(({ isDirectory }) => isDirectory);
    const texts = data.types.filter((type) => type !== "Files").map((type) => /** @type {[string, string]} */ ([type, data.getData(type)]));
    const { clientX = 0, clientY = 0, screenX = 0, screenY = 0 } = event instanceof DragEvent ? event : {};
    const files = entries.length ? items.flatMap((item) => (item.webkitGetAsEntry()?.isDirectory ? [] : (item.getAsFile() ?? []))) : [...data.files];
    return { way: event.type === "drop" ? "dropped" : "pasted", target: event.composedPath()[0] ?? document, files, entries, texts, place: { clientX, clientY, screenX, screenY } };
  };

  const listen = () => {
    for (const type of TYPES) window.addEventListener(type, onEvent, { capture: true });
  };
  listen();
  new MutationObserver(listen).observe(document, { childList: true }); // as in start.js

  // Where the modules cannot be had start.js says so; the files stay held.
  covered.awake.then(() => import(chrome.runtime.getURL("src/content/uploads.js"))).then(async (/** @type {typeof import("./uploads.js")} */ module) => {
    uploads = await module.startUploads();
    for (const taken of early.splice(0)) uploads.take(taken);
  }, () => undefined);
})();
