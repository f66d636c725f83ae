/** Holds a send, has it judged, and lets it go, or opens the panel with a way out. */

import { isConnected } from "../browser.js";
import { Detector } from "../detection/engine.js";
import { replacements } from "../detection/masking.js";
import { stops } from "../policy/decide.js";
import { composerOf, isSendClick, readComposer, replaceInComposer, sendButton } from "./composer.js";
import { eventOf, judgeLocally, mustAskServer, ofLocal, ofServer, withoutServer } from "./judging.js";
import { Link } from "./link.js";
import { Panel } from "./panel.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("./judging.js").Judgement} Judgement */

const RULES_MS = 3000;
const RELEASE_MS = 2000;
/** Enter is often followed by a submit of the same text. */
const FOLLOWED_MS = 300;
/** Editors take in what is pasted a little later. */
const INSERTED_MS = 60;

export function startGuard() {
  const guard = new Guard();
  return {
    onAttempt: (/** @type {Event} */ event, /** @type {EventTarget | undefined} */ target) => guard.onAttempt(event, target),
    onInsert: (/** @type {string} */ channel) => guard.onInsert(channel),
  };
}

class Guard {
  constructor() {
    /** @type {Rules | null} */
    this.rules = null;
    /** @type {Detector | null} */
    this.detector = null;
    /** @type {import("../messages.js").State | null} */
    this.state = null;
    this.panel = new Panel();
    this.channel = "typed";
    this.isBusy = false;
    /** What may pass once: exactly this text, for a moment. @type {{text: string, until: number} | null} */
    this.pass = null;
    /** @type {(() => void)[]} */
    this.onRules = [];
    this.link = new Link((message) => this.#receive(message));
  }

  /** @param {import("../messages.js").ToTab} message */
  #receive(message) {
    if (message.t === "rules") {
      if (this.detector?.version !== message.rules.rulebook.version) this.detector = new Detector(message.rules.rulebook);
      this.rules = message.rules;
      this.link.send({ t: "obeyed", version: message.rules.policy.version, rulebookVersion: message.rules.rulebook.version });
      for (const call of this.onRules.splice(0)) call();
    } else if (message.t === "state") {
      this.state = message.state;
      this.panel.showState(message.state, message.clientName);
      if (message.state !== "unconnected" && !message.isNoticeSeen) this.panel.showNotice(message.clientName, () => this.link.send({ t: "notice-seen" }));
      for (const call of message.state === "unconnected" ? this.onRules.splice(0) : []) call();
    }
  }

  get adapter() {
    const here = `${location.origin}/`;
    return this.rules?.adapters.find((adapter) => adapter.match.some((pattern) => here.startsWith(pattern.replace("*", "")))) ?? null;
  }

  /** The page may be an empty frame of its own; then the page above names the AI service. */
  get host() {
    return location.hostname || new URL(document.referrer || "https://unknown.invalid").hostname;
  }

  /**
   * Text came in by paste or drop: it stays, and what would stop it is said at once.
   *
   * @param {string} channel
   */
  onInsert(channel) {
    this.channel = channel;
    setTimeout(() => this.#warnEarly(), INSERTED_MS);
  }

  #warnEarly() {
    const composer = composerOf(document.activeElement, this.adapter);
    if (!composer || !this.rules || !this.detector || this.state === "unconnected" || !isConnected()) return;
    const local = judgeLocally(this.detector, this.rules, readComposer(composer), this.host, this.channel);
    const kinds = local.to_redact.map((position) => local.findings[position]?.type ?? "");
    if (stops(local.action)) this.panel.showHint(kinds, composer.getBoundingClientRect());
  }

  /**
   * @param {Event} event
   * @param {EventTarget | undefined} target
   */
  onAttempt(event, target) {
    if (this.state === "unconnected") return;
    if (event.type === "click" && !isSendClick(target, this.adapter)) return;
    if (event.type === "keydown" && !isInEditor(target)) return;
    const composer = composerOf(target, this.adapter);
    if (!composer) return;
    const text = readComposer(composer);
    if (!text.trim() || this.#mayPass(text)) return;
    // An event taken up again is over: it cannot go on by itself.
    if (event.eventPhase !== Event.NONE && this.#isHarmless(text)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.isBusy) void this.#hold(composer, text);
  }

  /**
   * Return whether the very same event may go on to the page, untouched.
   *
   * @param {string} text
   */
  #isHarmless(text) {
    if (!this.rules || !this.detector || this.isBusy || !isConnected()) return false;
    try {
      const local = judgeLocally(this.detector, this.rules, text, this.host, this.channel);
      if (stops(local.action) || mustAskServer(this.rules, local)) return false;
      this.#record(ofLocal(local), text);
    } catch {
      return false; // an error of ours does not open the gate: it is held, and said there
    }
    this.channel = "typed";
    this.pass = { text, until: performance.now() + FOLLOWED_MS };
    return true;
  }

  /** @param {string} text */
  #mayPass(text) {
    return this.pass !== null && this.pass.text === text && this.pass.until > performance.now();
  }

  /**
   * @param {HTMLElement} composer
   * @param {string} text
   */
  async #hold(composer, text) {
    this.isBusy = true;
    try {
      if (!isConnected()) return await this.panel.tell("reload_title", "reload_text");
      if (!(await this.#haveRules())) {
        if (this.state === "unconnected") return this.#release(composer, text);
        return await this.panel.tell("starting_title", "starting_text");
      }
      const judged = await this.#judged(text);
      if (!stops(judged.action)) return this.#release(composer, text);
      await this.#offer(composer, text, judged);
    } catch {
      await this.panel.tell("broken_title", "broken_text");
    } finally {
      this.isBusy = false;
    }
  }

  async #haveRules() {
    if (!this.rules) await Promise.race([new Promise((resolve) => this.onRules.push(() => resolve(null))), new Promise((resolve) => setTimeout(resolve, RULES_MS))]);
    return this.rules !== null;
  }

  /**
   * @param {string} text
   * @returns {Promise<Judgement>}
   */
  async #judged(text) {
    const rules = /** @type {Rules} */ (this.rules);
    const local = judgeLocally(/** @type {Detector} */ (this.detector), rules, text, this.host, this.channel);
    if (!mustAskServer(rules, local)) return this.#recorded(ofLocal(local), text);
    const progress = this.panel.showProgress();
    const verdict = await this.link.judge(text, this.host, this.channel);
    progress.end();
    return this.#recorded(verdict ? ofServer(verdict, local) : withoutServer(rules, local), text);
  }

  /**
   * @param {Judgement} judged
   * @param {string} text
   */
  #recorded(judged, text) {
    if (!judged.isRecorded) this.#record(judged, text);
    return judged;
  }

  /**
   * @param {Judgement} judged
   * @param {string} text
   * @param {string} [disposition]
   */
  #record(judged, text, disposition) {
    const how = { host: this.host, channel: this.channel, size: [...text].length, ...(disposition ? { disposition } : {}) };
    this.link.send({ t: "event", event: eventOf(judged, how) });
  }

  /**
   * @param {HTMLElement} composer
   * @param {string} text
   * @param {Judgement} judged
   */
  async #offer(composer, text, judged) {
    const rules = /** @type {Rules} */ (this.rules);
    const named = { clientName: rules.clientName, policyName: rules.policy.document.name, policyVersion: judged.policyVersion };
    const changes = replacements(text, judged.toRedact.flatMap((position) => judged.findings[position] ?? []));
    const approved = rules.services.filter((service) => service.status === "approved");
    const choice = await this.panel.ask({ text, judged, changes, approved, ...named });
    this.panel.hideHint();
    if (choice.kind === "redact") await this.#redactAndSend(composer, text, judged, changes);
    else if (choice.kind === "justify") {
      this.#record(judged, text, "justified_sent");
      this.#release(composer, text);
    } else if (choice.kind === "report_false_positive") {
      this.#record(judged, text, "false_positive");
      await this.panel.tell("reported_title", "reported_text");
    } else if (choice.kind === "request_exception") {
      this.#record(judged, text, "abandoned");
      await this.panel.tell("exception_title", "exception_text");
    } else if (choice.kind === "redirect") {
      this.#record(judged, text, "abandoned");
      open(`https://${choice.host}/`, "_blank", "noopener");
    } else this.#record(judged, text, "abandoned");
    composer.focus();
  }

  /**
   * @param {HTMLElement} composer
   * @param {string} text
   * @param {Judgement} judged
   * @param {ReturnType<typeof replacements>} changes
   */
  async #redactAndSend(composer, text, judged, changes) {
    const isUnchanged = readComposer(composer) === text;
    if (!isUnchanged || !(await replaceInComposer(composer, changes))) return this.panel.tell("mismatch_title", "mismatch_text");
    const redacted = readComposer(composer);
    this.#record(judged, redacted, "redacted_sent");
    this.#release(composer, redacted);
  }

  /**
   * Let exactly this text go: press the page's own button, or Enter where there is none.
   *
   * @param {HTMLElement} composer
   * @param {string} text
   */
  #release(composer, text) {
    if (readComposer(composer) !== text) return;
    this.pass = { text, until: performance.now() + RELEASE_MS };
    this.channel = "typed";
    this.panel.hideHint();
    const button = sendButton(composer, this.adapter);
    if (button) button.click();
    else composer.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
  }
}

/** @param {EventTarget | undefined} target */
function isInEditor(target) {
  return target instanceof Element && target.closest("textarea, [contenteditable]") !== null;
}
