/** The line to the worker. The worker is ended and started as the browser likes; the line comes back. */

import { connect, isConnected } from "../browser.js";
import { TAB, uuid7 } from "../messages.js";

/** @typedef {import("../messages.js").ToTab} ToTab */
/** @typedef {import("../messages.js").FromTab} FromTab */
/** @typedef {import("../messages.js").ServerVerdict} ServerVerdict */

const ANSWER_MS = 2500;
const AGAIN_MS = 200;

export class Link {
  /** @param {(message: ToTab) => void} receive */
  constructor(receive) {
    this.receive = receive;
    /** @type {Map<string, (verdict: ServerVerdict | null) => void>} */
    this.asked = new Map();
    /** @type {chrome.runtime.Port | null} */
    this.port = null;
    this.#open();
  }

  #open() {
    if (!isConnected()) return;
    try {
      this.port = connect(TAB);
    } catch {
      return;
    }
    this.port.onMessage.addListener((message) => this.#take(message));
    this.port.onDisconnect.addListener(() => {
      this.port = null;
      for (const answer of this.asked.values()) answer(null);
      setTimeout(() => this.#open(), AGAIN_MS);
    });
  }

  /** @param {ToTab} message */
  #take(message) {
    if (message.t === "judged") this.asked.get(message.id)?.(message.verdict);
    else this.receive(message);
  }

  /** @param {FromTab} message */
  send(message) {
    if (!this.port) this.#open();
    try {
      this.port?.postMessage(message);
    } catch {
      this.port = null;
    }
  }

  /**
   * Ask the server; null when it does not answer in time.
   *
   * @param {string} text
   * @param {string} service
   * @param {string} channel
   * @returns {Promise<ServerVerdict | null>}
   */
  judge(text, service, channel) {
    const id = uuid7();
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
}
