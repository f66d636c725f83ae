/** Stands between a page and its sends: lets harmless ones go on, and holds the others until they are decided. */

import { isConnected } from "../browser.js";
import { stops } from "../policy/decide.js";
import { attemptOf } from "./attempt.js";
import { editorOf } from "./editors.js";
import { eventOf, mustAskServer, ofLocal } from "./judging.js";
import { Known } from "./known.js";
import { Link } from "./link.js";
import { Panel } from "./panel.js";
import { Pasted } from "./pasted.js";
import { readEditor } from "./reading.js";
import { Restoring } from "./restoring.js";
import { Departures } from "./departures.js";
import { Health } from "./health.js";
import { Hinting } from "./hinting.js";
import { stillThere, Submission } from "./submission.js";

/** @typedef {import("./judging.js").Judgement} Judgement */
/** @typedef {import("./submission.js").Held} Held */

/** Enter is often followed by a submit of the same text. */
const FOLLOWED_MS = 300;
/** Editors take in what is pasted a little later. */
const INSERTED_MS = 60;

/** @type {(guard: Guard) => void} */
let started;
/** The guard of this page; it is started once. @type {Promise<Guard>} */
export const whenStarted = new Promise((resolve) => (started = resolve));

export function startGuard() {
  const guard = new Guard();
  started(guard);
  return {
    onAttempt: (/** @type {Event} */ event, /** @type {EventTarget | undefined} */ target) => guard.onAttempt(event, target),
    onInsert: (/** @type {string} */ channel, /** @type {Event} */ event) => guard.onInsert(channel, event),
    onInput: (/** @type {Event} */ event) => guard.hinting.onInput(event),
    owns: (/** @type {EventTarget | null} */ target) => target === guard.panel.host,
    keep: (/** @type {Event} */ event) => guard.panel.keep(event),
    onAsk: (/** @type {import("./departures.js").Question} */ question, /** @type {import("./departures.js").Answer} */ answer) => guard.departures.onAsk(question, answer),
    hasPageLine: () => guard.departures.hasPageLine(),
  };
}

export class Guard {
  constructor() {
    /** How this browser stands, as the worker told it last. @type {import("../messages.js").StateMessage | null} */
    this.told = null;
    this.wasCovered = true;
    this.known = new Known();
    /** What was asked about, so that it can be sent once the answer is yes. @type {Map<string, Held>} */
    this.asked = new Map();
    this.panel = new Panel({
      send: (submission) => this.#againOf(submission),
      withdraw: (id) => this.link.send({ t: "withdraw", request: id }),
      seen: (id, state) => this.link.send({ t: "seen", request: id, state }),
    });
    this.restoring = new Restoring(this.panel.root);
    this.hinting = new Hinting(this);
    this.pasted = new Pasted();
    this.channel = "typed";
    this.isBusy = false;
    /** What may pass for a moment: exactly these texts. @type {Map<string, number>} */
    this.passes = new Map();
    this.health = new Health(({ id, v }, problems) => this.link.send({ t: "health", health: { id, v, problems } }));
    this.departures = new Departures(this);
    this.link = new Link(
      (message) => this.#receive(message),
      () => this.panel.notes.showParting(),
    );
    navigation.addEventListener("currententrychange", () => this.#moved());
  }

  /**
   * Return how to send what was asked about; null where it stands in no editor any more.
   *
   * @param {string} submission
   */
  #againOf(submission) {
    const held = this.asked.get(submission);
    return held && stillThere(held) ? () => void this.#hold(held) : null;
  }

  /** @param {import("../messages.js").StateMessage | import("../messages.js").RulesMessage | import("../messages.js").RequestsMessage | import("../messages.js").StoppedMessage} message */
  #receive(message) {
    if (message.t === "requests") return this.#showRequests(message.requests);
    if (message.t === "stopped") return this.departures.asking.tellOnce(message.name);
    if (message.t === "rules") {
      this.known.obey(message.rules);
      this.departures.obey(message.rules.adapters);
      this.health.test(this.known.adapter);
      this.link.send({ t: "obeyed", version: message.rules.policy.version, rulebookVersion: this.known.rules?.rulebook.version ?? "" });
      return;
    }
    this.known.hear(message);
    this.told = message;
    this.wasCovered = this.known.isCovered;
    this.#showState(message);
    if (message.isNoticeSeen) this.panel.notes.hideNotice();
    else if (this.known.isCovered && message.clientName) this.panel.notes.showNotice(message.clientName, () => this.link.send({ t: "notice-seen" }), () => this.link.send({ t: "more" }));
  }

  /** @param {import("../messages.js").StateMessage} message */
  #showState(message) {
    if (this.known.isCovered || !this.known.isInForce) this.panel.notes.showState(message);
    else this.panel.notes.hideState();
  }

  /** A person has gone to another part of the site, without a page being loaded. */
  #moved() {
    if (!this.told || this.known.isCovered === this.wasCovered) return;
    this.hinting.forget();
    this.#receive(this.told);
  }

  /**
   * Say how things stand with what was asked about this AI service. A frame inside a page stays bare.
   *
   * @param {import("../messages.js").Request[]} requests
   */
  #showRequests(requests) {
    if (window.top !== window) return;
    const here = this.known.service;
    this.panel.requests.show(requests.filter(({ service }) => service === here.id), () => here.name);
  }

  /**
   * Text came in by paste or drop: it stays, and what would stop it is said at once.
   *
   * @param {string} channel
   * @param {Event} event
   */
  onInsert(channel, event) {
    const editor = editorOf(event.composedPath()[0]) ?? editorOf(document.activeElement);
    if (!editor || !this.known.isCovered) return;
    this.channel = channel;
    const data = event instanceof ClipboardEvent ? event.clipboardData : /** @type {DragEvent} */ (event).dataTransfer;
    const isWatched = this.pasted.take(editor, data?.getData("text/plain") ?? "");
    clearTimeout(this.insertedTimer); // a page may make up thousands
    this.insertedTimer = setTimeout(() => void this.hinting.look(editor), INSERTED_MS);
    // Some editors take their time, or put it beside, and what was sent before may be under way still.
    if (isWatched) void this.pasted.settled().then(() => this.hinting.look(editor));
  }

  /**
   * Return everything that would be sent: the editor's text, and behind it what the page keeps beside.
   *
   * @param {string} text
   */
  whole(text) {
    return [text, ...this.pasted.beside()].join("\n");
  }

  /**
   * @param {Event} event
   * @param {EventTarget | undefined} target
   */
  onAttempt(event, target) {
    if (!this.known.isInForce) return;
    if (event.type === "submit" && this.departures.onSubmit(event)) return;
    if (!this.known.isCovered) return;
    const attempt = attemptOf(event, target, this.known.adapter);
    // An event taken up again is over: it cannot go on by itself.
    const isOver = event.eventPhase === Event.NONE;
    const editor = attempt?.editors.find((found) => !this.#mayGoOn(readEditor(found), isOver));
    if (!attempt || !editor) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.isBusy) void this.#hold({ attempt, editor, text: readEditor(editor) });
  }

  /**
   * @param {string} text
   * @param {boolean} isOver
   */
  #mayGoOn(text, isOver) {
    if ((this.passes.get(text) ?? 0) > performance.now()) return true;
    if (this.pasted.isComing(text)) return false;
    return !this.whole(text).trim() || (!isOver && this.#isHarmless(text));
  }

  /**
   * Return whether the very same event may go on to the page, untouched.
   *
   * @param {string} text
   */
  #isHarmless(text) {
    const { rules } = this.known;
    if (!rules || this.isBusy || !isConnected()) return false;
    try {
      const whole = this.whole(text);
      if (!this.known.isQuick(whole, this.channel)) return false;
      const local = this.known.judge(whole, this.channel);
      if (stops(local.action) || mustAskServer(rules, local)) return false;
      this.record(ofLocal(local), whole);
    } catch {
      return false; // an error of ours does not open the gate: it is held, and said there
    }
    this.letPass(text, FOLLOWED_MS);
    return true;
  }

  /**
   * @param {string} text
   * @param {number} milliseconds
   * @param {string[]} [values] What was found in it, and may leave all the same.
   */
  letPass(text, milliseconds, values = []) {
    this.departures.expect([text, ...this.pasted.beside(), this.whole(text)], values);
    const now = performance.now();
    for (const [former, until] of this.passes) if (until < now) this.passes.delete(former);
    this.passes.set(text, now + milliseconds);
    this.channel = "typed";
    this.pasted.forget();
    this.hinting.forget();
  }

  /**
   * @param {Judgement} judged
   * @param {string} text
   * @param {string} [disposition]
   * @param {import("./reasons.js").Reason} [reason]
   */
  record(judged, text, disposition, reason) {
    this.link.send({ t: "event", event: eventOf(judged, { host: this.known.host, channel: this.channel, text, disposition, reason }) });
  }

  /** @param {Held} held */
  async #hold(held) {
    this.isBusy = true;
    try {
      await new Submission(this, held).decide();
    } catch {
      await this.panel.tell("broken");
    } finally {
      this.isBusy = false;
      if (this.panel.hasFocus) (held.editor.isConnected ? held.editor : stillThere(held))?.focus();
    }
  }
}
