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

export function startGuard() {
  const guard = new Guard();
  return { onAttempt: (/** @type {Event} */ event, /** @type {boolean} */ isSend) => (isSend ? guard.onAttempt(event) : guard.onPaste()) };
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

  onPaste() {
    this.channel = "pasted";
  }

  /** @param {Event} event */
  onAttempt(event) {
    if (event.type === "click" && !isSendClick(event, this.adapter)) return;
    if (event.type === "keydown" && !isInEditor(event)) return;
    const composer = composerOf(event, this.adapter);
    if (!composer || this.state === "unconnected") return;
    const text = readComposer(composer);
    if (!text.trim() || this.#mayPass(text)) return;
    if (this.rules && this.detector && !this.isBusy) {
      const local = judgeLocally(this.detector, this.rules, text, this.host, this.channel);
      if (!stops(local.action) && !mustAskServer(this.rules, local) && isConnected()) {
        // Nothing to hold: the very same event goes on to the page, untouched.
        this.#record(ofLocal(local), text);
        this.channel = "typed";
        this.pass = { text, until: performance.now() + 300 }; // Enter is often followed by a submit
        return;
      }
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.isBusy) void this.#hold(composer, text);
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
    const approved = rules.services.filter((service) => service.status === "approved").map((service) => service.name);
    const choice = await this.panel.ask({ text, judged, changes, approved, ...named });
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
    const button = sendButton(composer, this.adapter);
    if (button) button.click();
    else composer.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
  }
}

/** @param {Event} event */
function isInEditor(event) {
  const target = event.composedPath()[0];
  return target instanceof Element && target.closest("textarea, [contenteditable]") !== null;
}
