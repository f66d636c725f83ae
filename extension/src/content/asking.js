/** A person is asked about what the page's own world is about to send, one question after the other. */

import { isConnected } from "../browser.js";
import { replacements } from "../detection/masking.js";
import { hashOf } from "../leaving/releases.js";
import { uuid7 } from "../messages.js";
import { stops } from "../policy/decide.js";
import { judgedBy, valuesIn } from "./deciding.js";
import { byValue } from "./replacing.js";
import { refusal } from "./submission.js";

/** @typedef {import("./departures.js").Outcome} Outcome */
/** @typedef {(change: (text: string) => string) => string | null} Redact Returns the body with its texts changed; null where that cannot be. */

/** A page tries again by itself what was refused; one panel is enough. */
const REFUSED_MS = 10_000;
const PAUSE_MS = 100;
/** A frame smaller than this has no room for a question. */
const LEAST_ROOM = [320, 240];

/** @type {Outcome} */
const GO = { word: "go" };
/** @type {Outcome} */
const NO = { word: "no" };

export class Asking {
  /**
   * @param {import("./guard.js").Guard} guard
   * @param {(texts: string[], values: string[]) => void} expect
   */
  constructor(guard, expect) {
    this.guard = guard;
    this.expect = expect;
    /** @type {Map<string, number>} */
    this.refused = new Map();
    /** Questions to the person come one after the other. @type {Promise<unknown>} */
    this.turn = Promise.resolve();
  }

  /**
   * @param {string} text
   * @param {Redact} redact
   * @returns {Promise<Outcome>}
   */
  later(text, redact) {
    const mine = this.turn.then(() => this.#decided(text, redact));
    this.turn = mine.catch(() => undefined);
    return mine.catch(() => NO);
  }

  /**
   * @param {string} text
   * @param {Redact} redact
   * @returns {Promise<Outcome>}
   */
  async #decided(text, redact) {
    const { guard } = this;
    if (!isConnected()) return this.tell("reload");
    while (guard.isBusy) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const hash = hashOf(text);
    if ((this.refused.get(hash) ?? 0) > performance.now()) return NO;
    const judged = await judgedBy(guard, text);
    if (!guard.known.isInForce) return GO;
    if (!judged) return this.tell("starting");
    if (!stops(judged.action)) return GO;
    const outcome = await this.#offered(text, judged, redact);
    if (outcome.word === "no") this.refused.set(hash, performance.now() + REFUSED_MS);
    return outcome;
  }

  /**
   * @param {string} text
   * @param {import("./judging.js").Judgement} judged
   * @param {Redact} redact
   * @returns {Promise<Outcome>}
   */
  async #offered(text, judged, redact) {
    const { guard } = this;
    if (!hasRoom()) return this.tell("stopped");
    const found = replacements(text, judged.toRedact.flatMap((place) => judged.findings[place] ?? []), guard.restoring.placeholders);
    const instead = found.length ? redact(byValue(text, found)) : null;
    const changes = instead === null ? [] : found;
    guard.isBusy = true;
    try {
      const choice = await guard.panel.ask({ text, judged, changes, hindrance: instead === null ? "request_text" : null, policyVersion: judged.policyVersion, kindsIn: (words) => guard.known.kindsIn(words), ask: (reason) => this.#ask(judged, text, reason), ...guard.known.names });
      if (choice.kind === "redact" && instead !== null) {
        guard.record(judged, text, "redacted_sent");
        guard.restoring.remember(text, changes);
        return { word: "go", instead };
      }
      if (choice.kind === "justify" && guard.known.judge(text, guard.channel).action !== "block") {
        guard.record(judged, text, "justified_sent", choice.reason);
        this.expect([text], valuesIn(text, judged)); // where it could not wait it goes when it is tried again
        return GO;
      }
      if (choice.kind !== "request_exception") guard.record(judged, text, choice.kind === "report_false_positive" ? "false_positive" : "abandoned");
      if (choice.kind === "report_false_positive") await guard.panel.tell("reported");
      return NO;
    } finally {
      guard.isBusy = false;
    }
  }

  /**
   * Return why an exception could not be asked for; empty where it was.
   *
   * @param {import("./judging.js").Judgement} judged
   * @param {string} text
   * @param {import("./reasons.js").Reason} reason
   */
  async #ask(judged, text, reason) {
    const trouble = await this.guard.link.ask(uuid7(), judged.submissionId, reason);
    if (trouble) return refusal(trouble);
    this.guard.record(judged, text, "abandoned");
    return "";
  }

  /**
   * Something was stopped, here or in a frame without room. Said once in a while, after what is being asked.
   *
   * @param {string} name Of a text.
   */
  tellOnce(name) {
    if ((this.refused.get(name) ?? 0) > performance.now()) return;
    this.refused.set(name, performance.now() + REFUSED_MS);
    this.turn = this.turn.then(() => this.guard.panel.tell(name));
  }

  /**
   * The request fails at once; the person is told why when there is time for it.
   *
   * @param {string} name Of a text.
   * @returns {Outcome}
   */
  tell(name) {
    if (hasRoom()) this.tellOnce(name);
    else this.guard.link.send({ t: "stopped", name });
    return NO;
  }
}

/** The top frame has always room: the panel lies over all of it. */
const hasRoom = () => window.top === window || (innerWidth >= (LEAST_ROOM[0] ?? 0) && innerHeight >= (LEAST_ROOM[1] ?? 0));
