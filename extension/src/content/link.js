/** The line to the worker. The worker is ended and started as the browser likes; the line comes back. */

import { connect, isConnected } from "../browser.js";
import { TAB } from "../messages.js";

/** @typedef {import("../messages.js").ToTab} ToTab */
/** @typedef {import("../messages.js").FromTab} FromTab */
/** @typedef {import("../messages.js").ServerVerdict} ServerVerdict */

const ANSWER_MS = 2500;
const AGAIN_MS = 200;
const LEAVE_MS = 1000;
const ASK_MS = 15_000;
const AWAY = { code: "unreachable", detail: "" };

export class Link {
  /**
   * @param {(message: Exclude<ToTab, {t: "judged"} | {t: "kept"} | {t: "asked"} | {t: "noted"}>) => void} receive
   * @param {() => void} part Called when the extension was updated or removed: the line is gone for good.
   */
  constructor(receive, part) {
    this.receive = receive;
    this.part = part;
    /** @type {Map<string, (verdict: ServerVerdict | null) => void>} */
    this.asked = new Map();
    /** @type {Map<string, (trouble: import("../messages.js").Trouble | null) => void>} */
    this.questions = new Map();
    /** @type {Map<string, () => void>} */
    this.leaving = new Map();
    /** Events the worker has not stored yet. @type {Map<string, FromTab>} */
    this.unkept = new Map();
    /** Whether something was wrong when the worker last said how this browser stands: storage that is full, say. */
    this.wasWrong = false;
    /** @type {chrome.runtime.Port | null} */
    this.port = null;
    this.#open();
  }

  #open() {
    if (this.port) return;
    if (!isConnected()) return this.part();
    const port = connect(TAB);
    this.port = port;
    port.onMessage.addListener((message) => this.#take(message));
    port.onDisconnect.addListener(() => this.#close(port));
    this.#tellAgain(port);
  }

  /** @param {chrome.runtime.Port} port */
  #tellAgain(port) {
    for (const message of this.unkept.values()) port.postMessage(message);
  }

  /** @param {chrome.runtime.Port} port */
  #close(port) {
    if (this.port !== port) return;
    this.port = null;
    for (const answer of this.asked.values()) answer(null);
    for (const go of this.leaving.values()) go();
    for (const answer of this.questions.values()) answer(AWAY);
    setTimeout(() => this.#open(), AGAIN_MS);
  }

  /** @param {ToTab} message */
  #take(message) {
    if (message.t === "judged") this.asked.get(message.id)?.(message.verdict);
    else if (message.t === "asked") this.questions.get(message.id)?.(message.trouble);
    else if (message.t === "kept") this.unkept.delete(message.id);
    else if (message.t === "noted") this.leaving.get(message.id)?.();
    else {
      if (message.t === "state") this.#mend(message.state !== "protected");
      this.receive(message);
    }
  }

  /** @param {boolean} isWrong */
  #mend(isWrong) {
    if (this.wasWrong && !isWrong && this.port) this.#tellAgain(this.port);
    this.wasWrong = isWrong;
  }

  /**
   * An event is told again until the worker says that it is stored; the worker knows it by its id.
   *
   * @param {FromTab} message
   */
  send(message) {
    if (message.t === "event") this.unkept.set(message.event.event_id, message);
    try {
      if (this.port) this.port.postMessage(message);
      else this.#openWith(message);
    } catch {
      if (this.port) this.#close(this.port);
    }
  }

  /** @param {FromTab} message */
  #openWith(message) {
    this.#open();
    if (message.t !== "event") this.port?.postMessage(message); // events were told as the line opened
  }

  /**
   * Ask for an exception. Return what kept it from being asked; null where it stands before an approver.
   *
   * @param {string} id
   * @param {string} submissionId
   * @param {import("./reasons.js").Reason} reason
   * @returns {Promise<import("../messages.js").Trouble | null>}
   */
  ask(id, submissionId, reason) {
    return new Promise((resolve) => {
      const done = (/** @type {import("../messages.js").Trouble | null} */ trouble) => {
        this.questions.delete(id);
        clearTimeout(timer);
        resolve(trouble);
      };
      const timer = setTimeout(() => done(AWAY), ASK_MS);
      this.questions.set(id, done);
      this.send({ t: "ask", id, submissionId, ...reason });
    });
  }

  /**
   * Ask the server; null when it does not answer in time.
   *
   * @param {string} id
   * @param {string} text
   * @param {string} service
   * @param {string} channel
   * @returns {Promise<ServerVerdict | null>}
   */
  judge(id, text, service, channel) {
    return new Promise((resolve) => {
      const done = (/** @type {ServerVerdict | null} */ verdict) => {
        this.asked.delete(id);
        clearTimeout(timer);
        resolve(verdict);
      };
      const timer = setTimeout(() => done(null), ANSWER_MS);
      this.asked.set(id, done);
      this.send({ t: "judge", id, text, service, channel });
    });
  }

  /**
   * Tell the worker what may leave, and wait until it knows, or a moment.
   *
   * @param {string} id
   * @param {string[]} hashes
   * @returns {Promise<void>}
   */
  leave(id, hashes) {
    return new Promise((resolve) => {
      const done = () => {
        this.leaving.delete(id);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, LEAVE_MS);
      this.leaving.set(id, done);
      this.send({ t: "left", id, hashes });
    });
  }
}
