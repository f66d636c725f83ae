/**
 * Runs before the page's first script: holds every send until the modules have loaded and judged it.
 * Classic and tiny on purpose; everything else is in modules.
 */
(() => {
  const LOADING_MS = 4000;
  const CHANNELS = { paste: "pasted", drop: "dropped" };
  const ATTEMPTS = ["keydown", "click", "submit"];
  /** What may tell a page of a key that was held, or of what is typed into our panel. */
  const KEYS = ["keydown", "keypress", "keyup", "beforeinput", "input", "paste", "compositionstart", "compositionupdate", "compositionend"];
  // Asked for now: after an update of the extension its texts can no longer be read.
  const trouble = chrome.i18n.getMessage("broken_text");
  /** @type {ReturnType<typeof import("./guard.js").startGuard> | null} */
  let guard = null;
  const covered = /** @type {NonNullable<typeof globalThis.quillgateCovered>} */ (globalThis.quillgateCovered);
  /** @type {{event: Event, target: EventTarget | undefined} | null} */
  let early = null;
  let isLate = false;
  /** Whether the Enter that is down was held: then its other events are held too. */
  let isEnterHeld = false;
  /** What the page's own world has asked already (page.js). @type {import("./departures.js").Question[]} */
  const asked = [];
  /** @type {EventTarget | null} */
  let line = null;

  /** @param {Event} event */
  const isEnter = (event) => event instanceof KeyboardEvent && event.key === "Enter" && !event.isComposing && event.keyCode !== 229;

  /**
   * Shift alone makes a new line; with another key beside it a page may send.
   *
   * @param {Event} event
   */
  const isSending = (event) => isEnter(event) && event instanceof KeyboardEvent && (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);

  /** @param {Event} event */
  const hold = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  /** @param {Event} event */
  const attempt = (event) => {
    if (event.type === "keydown" && !isSending(event)) return;
    const target = event.composedPath()[0];
    if (guard) return guard.onAttempt(event, target);
    if (!covered.isAwake) return;
    if (!isAboutEditor(event, target)) return;
    // Not loaded yet: nothing leaves unjudged. The last try is taken up again when it can be judged.
    hold(event);
    early = { event, target };
    if (isLate) say();
  };

  /** @param {Event} event */
  const key = (event) => {
    if (guard?.owns(event.target)) return guard.keep(event);
    if (event.type === "input") guard?.onInput(event);
    if (event.type === "keydown") {
      attempt(event);
      if (isEnter(event)) isEnterHeld = event.defaultPrevented;
    } else if (isEnterHeld && isEnter(event)) {
      hold(event);
      if (event.type === "keyup") isEnterHeld = false;
    }
  };

  /**
   * @param {Event} event
   * @param {EventTarget | undefined} target
   */
  const isAboutEditor = (event, target) => {
    if (!(target instanceof Element)) return false;
    if (event.type === "keydown") return Boolean(target.closest("textarea, [contenteditable]"));
    return Boolean(target.closest("button, [role=button], [type=submit], form") && document.querySelector("textarea, [contenteditable]"));
  };

  const say = () => {
    if (document.querySelector("quillgate-trouble")) return;
    const host = document.createElement("quillgate-trouble");
    const words = Object.assign(document.createElement("p"), { textContent: trouble });
    words.setAttribute("role", "alert");
    words.style.cssText = "position:fixed;z-index:2147483647;inset:auto 1rem 1rem auto;max-width:22rem;margin:0;padding:1rem;border-radius:10px;background:#5c1116;color:#fff;font:15px/1.5 system-ui,sans-serif";
    host.attachShadow({ mode: "closed" }).append(words);
    document.documentElement.append(host);
  };

  /**
   * The page's own world hands over its line before the page has run: nobody else has it.
   *
   * @param {Event} event
   */
  const greet = (event) => {
    window.removeEventListener("quillgate-hello", greet, { capture: true });
    if (!(event instanceof FocusEvent) || !event.relatedTarget) return;
    hold(event);
    line = event.relatedTarget;
    line.addEventListener("ask", (ask) => ask instanceof MessageEvent && ponder(ask.data));
  };

  /**
   * Until anything can be judged a request waits; what only fetches need not.
   *
   * @param {import("./departures.js").Question} question
   */
  const ponder = (question) => {
    if (guard) guard.onAsk(question, answer);
    else if (!covered.isAbout(question.url)) answer(question.id, "go");
    else if (question.t === "look" && question.method === "GET" && question.transport !== "websocket") answer(question.id, "go");
    else asked.push(question);
  };

  /**
   * @param {number} id
   * @param {import("./departures.js").Word} word
   * @param {string} [instead] The body that goes in place of the one asked about.
   */
  const answer = (id, word, instead) => void line?.dispatchEvent(new MessageEvent("answer", { data: { id, word, instead } }));

  /** @type {Record<string, (event: Event) => void>} */
  const inserts = Object.fromEntries(Object.entries(CHANNELS).map(([type, channel]) => [type, (/** @type {Event} */ event) => guard?.onInsert(channel, event)]));

  const listen = () => {
    for (const type of KEYS) window.addEventListener(type, key, { capture: true });
    for (const type of ATTEMPTS) if (!KEYS.includes(type)) window.addEventListener(type, attempt, { capture: true });
    for (const [type, insert] of Object.entries(inserts)) window.addEventListener(type, insert, { capture: true });
  };
  listen();
  window.addEventListener("quillgate-hello", greet, { capture: true });
  // `document.open` takes every listener away, also ours; listening twice is listening once.
  new MutationObserver(listen).observe(document, { childList: true });

  covered.awake.then(() => import(chrome.runtime.getURL("src/content/guard.js"))).then((/** @type {typeof import("./guard.js")} */ module) => {
    guard = module.startGuard();
    if (line) guard.hasPageLine();
    for (const question of asked.splice(0)) guard.onAsk(question, answer);
    document.querySelector("quillgate-trouble")?.remove();
    if (early) guard.onAttempt(early.event, early.target);
  }, say);
  void covered.awake.then(() => setTimeout(() => {
    isLate = !guard;
    if (isLate && early) say();
  }, LOADING_MS));
})();
