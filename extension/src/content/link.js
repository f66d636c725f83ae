/** The line to the worker. The worker is ended and started as the browser likes; the line comes back. */

import { connect, isConnected } from "../browser.js";
import { TAB } from "../messages.js";

/** @typedef {import("../messages.js").ToTab} ToTab */
/** @typedef {import("../messages.js").FromTab} FromTab */
/** @typedef {import("../messages.js").ServerVerdict} ServerVerdict */

const ANSWER_MS = 2500;
const AGAIN_MS = 200;
/** A worker that is started anew has to read its rules first. */
const LEAVE_MS = 3000;
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
    /** Events the worker has not stored yet, and what it is to let leave: told to each new one. @type {Map<string, FromTab>} */
    this.unkept = new Map();
    /** Whether the worker at the other end has said how things stand: it knows its rules. */
    this.isUp = false;
    /** Whether something was wrong when the worker last said how this browser stands: storage that is full, say. */
    this.wasWrong = false;
    /** @type {chrome.runtime.Port | null} */
    this.port = null;
    this.#open();
  }

  #open() {
    if (this.port) return;
    if (!isConnected()) {
      for (const go of this.leaving.values()) go();
      return this.part();
    }
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
    this.isUp = false;
    for (const answer of this.asked.values()) answer(null);
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
      this.isUp ||= message.t === "state";
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
    const id = lastingId(message);
    if (id) this.unkept.set(id, message);
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
    if (!lastingId(message)) this.port?.postMessage(message); // the others were told as the line opened
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
        this.unkept.delete(id);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, LEAVE_MS);
      this.leaving.set(id, done);
      this.send({ t: "left", id, hashes });
    });
  }
}

/**
 * Return the id of what is told until it is answered.
 *
 * @param {FromTab} message
 */
const lastingId = (message) => (message.t === "event" ? message.event.event_id : message.t === "left" ? message.id : "");
