/** What a tab knows: the rules it obeys, and whether they are in force here. */

import { bundled } from "../../bundled/adapters.js";
import { CustomDetection } from "../detection/custom/custom.js";
import { Detector } from "../detection/engine.js";
import { isCovered, isOn } from "../leaving/addresses.js";
import { hearTime, now } from "../policy/now.js";
import { serviceOf } from "../policy/services.js";
import { decideOn, foundLocally, judgeLocally, LONGEST_MARKED } from "./judging.js";
import { foundIn } from "./pieces.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("../messages.js").StateMessage} StateMessage */
/** @typedef {import("../messages.js").Adapter} Adapter */
/** @typedef {{address: string, adapters: Adapter[] | null, adapter: Adapter | null, host: string, isCovered: boolean}} Place */
/** @typedef {{text: string, channel: string, rules: Rules, until: number, verdict: ReturnType<typeof judgeLocally>}} Last */

/** A browser that has just been started takes seconds to say what its administrator has set. */
const RULES_MS = 8000;
/** A longer text is looked through piece by piece: the page stays alive, and a person may give up. */
const LONGEST_AT_ONCE = 32 * 1024;
/** With as much in it a text may not have been looked through to its end. */
const VERY_MUCH = 4000;

export class Known {
  constructor() {
    /** @type {Rules | null} */
    this.rules = null;
    /** @type {Detector | null} */
    this.detector = null;
    /** @type {CustomDetection | null} */
    this.custom = null;
    /** @type {import("../messages.js").State | null} */
    this.state = null;
    /** @type {(() => void)[]} */
    this.waiting = [];
    /** Whether the worker stops requests too: then it has to hear first what may leave. */
    this.canStop = false;
    /** Whether the worker has rules that it has not told us yet. */
    this.areComing = false;
    /** @type {Last | null} */
    this.last = null;
    /** What is being looked through. @type {{text: string, channel: string, rules: Rules, done: Promise<void>} | null} */
    this.preparing = null;
    /** Where this is, as it was asked for last. @type {Place | null} */
    this.place = null;
  }

  /**
   * A frame inside a page rarely sends anything: its detector is made when it is needed.
   *
   * @param {import("../messages.js").ToldRules} told
   */
  obey(told) {
    const rulebook = told.rulebook ?? this.rules?.rulebook;
    if (!rulebook) throw new Error("the rulebook comes with the first rules");
    const rules = { ...told, rulebook };
    if (this.detector?.version !== rules.rulebook.version) this.detector = window.top === window ? new Detector(rules.rulebook) : null;
    if (!this.rules || !isSame(this.rules, rules)) {
      this.rules = rules;
      this.custom = rules.custom && new CustomDetection(rules.custom);
    }
    this.#tellWaiting();
  }

  /** @param {StateMessage} message */
  hear({ state, hasRules, canStop, now: at }) {
    hearTime(at);
    this.state = state;
    this.canStop = canStop;
    this.areComing = hasRules && !this.rules;
    if (!this.mayChange) this.#tellWaiting();
  }

  #tellWaiting() {
    for (const call of this.waiting.splice(0)) call();
  }

  /** Until the worker has said otherwise, this browser is somebody's. */
  get isInForce() {
    return this.state !== "unconnected";
  }

  /** Whether rules may come any moment; not so where nobody's browser is, or where something is wrong. */
  get mayChange() {
    return this.areComing || this.state === null || this.state === "starting";
  }

  /** Wait a moment for rules, or for the news that there are none to obey. */
  async ready() {
    if (this.rules || !this.mayChange) return;
    await Promise.race([new Promise((resolve) => this.waiting.push(() => resolve(null))), new Promise((resolve) => setTimeout(resolve, RULES_MS))]);
  }

  /** What a panel names: client, policy, and where one may go instead. */
  get names() {
    const { clientName = "", policy, services = [] } = this.rules ?? {};
    return { clientName, policyName: policy?.document.name ?? "", approved: services.filter(({ status }) => status === "approved") };
  }

  /**
   * The page, or the one above an empty frame. A send asks for it four times: all that hangs on the address is worked
   * out when that or the adapters change.
   *
   * @returns {Place}
   */
  get #here() {
    const address = location.hostname ? location.href : document.referrer || "https://unknown.invalid";
    const adapters = this.rules?.adapters ?? null;
    if (this.place?.address === address && this.place.adapters === adapters) return this.place;
    const here = new URL(address);
    const adapter = adapters?.find(({ match }) => match.some((pattern) => isOn(pattern, here))) ?? null;
    this.place = { address, adapters, adapter, host: here.hostname, isCovered: isCovered(adapters ?? bundled, here) };
    return this.place;
  }

  get adapter() {
    return this.#here.adapter;
  }

  /** Whether what is written here is our affair; on some sites it is so in a part of them alone. */
  get isCovered() {
    return this.isInForce && this.#here.isCovered;
  }

  /** The page may be an empty frame of its own; then the page above names the AI service. */
  get host() {
    return this.#here.host;
  }

  /** The AI service of this page, as policies and exceptions name it. */
  get service() {
    const { host } = this;
    const found = serviceOf(this.rules?.services ?? [], host);
    return { id: found?.id ?? host, name: found?.name ?? host };
  }

  /**
   * Return the types of what must not stand in a reason that somebody else will read.
   *
   * @param {string} words
   */
  kindsIn(words) {
    return this.judge(words, "typed").noted.map(({ type }) => type);
  }

  /**
   * Judge by the rules of this moment. The same text is asked about when it is pasted and when it is
   * sent; it is looked through once.
   *
   * @param {string} text
   * @param {string} channel
   */
  judge(text, channel) {
    const { rules } = this;
    if (!rules) throw new Error("there are no rules yet");
    this.detector ??= new Detector(rules.rulebook);
    const verdict = this.#lately(text, channel) ?? judgeLocally(this.detector, this.custom, rules, text, this.host, channel);
    this.last = { text, channel, rules, until: nextEnd(rules), verdict };
    return verdict;
  }

  /**
   * @param {string} text
   * @param {string} channel
   */
  #lately(text, channel) {
    const { rules, last } = this;
    return last?.text === text && last.channel === channel && last.rules === rules && now() < last.until ? last.verdict : null;
  }

  /**
   * Whether judging this keeps nobody waiting.
   *
   * @param {string} text
   * @param {string} channel
   */
  isQuick(text, channel) {
    return text.length <= LONGEST_AT_ONCE || this.#lately(text, channel) !== null;
  }

  /**
   * Look a long text through, so that judging it keeps nobody waiting. Who asks meanwhile gets the same answer.
   *
   * @param {string} text
   * @param {string} channel
   */
  prepare(text, channel) {
    const { rules, preparing } = this;
    if (!rules || this.isQuick(text, channel)) return Promise.resolve();
    if (preparing?.text === text && preparing.channel === channel && preparing.rules === rules) return preparing.done;
    const mine = { text, channel, rules, done: this.#lookThrough(text, channel, rules).finally(() => this.preparing === mine && (this.preparing = null)) };
    this.preparing = mine;
    return mine.done;
  }

  /**
   * @param {string} text
   * @param {string} channel
   * @param {Rules} rules
   */
  async #lookThrough(text, channel, rules) {
    const found = await this.foundInLong(text);
    if (this.rules !== rules || !found.isWhole) return;
    const verdict = this.decideOn(found, channel);
    if (found.findings.length < VERY_MUCH || verdict.action === "block") this.last = { text, channel, rules, until: nextEnd(rules), verdict };
  }

  /**
   * Return what is found in a text of any length; the page stays alive meanwhile.
   *
   * @param {string} text
   */
  foundInLong(text) {
    const { rules } = this;
    if (!rules) throw new Error("there are no rules yet");
    const detector = (this.detector ??= new Detector(rules.rulebook));
    const isMarked = text.length <= LONGEST_MARKED;
    return foundIn(text, (piece) => foundLocally(detector, this.custom, rules, piece, isMarked));
  }

  /**
   * Judge what was found, by the rules of this moment.
   *
   * @param {import("./judging.js").Found} found
   * @param {string} channel
   */
  decideOn(found, channel) {
    const { rules } = this;
    if (!rules) throw new Error("there are no rules yet");
    return decideOn(found, rules.rulebook.version, rules, this.host, channel);
  }
}

/**
 * Return when the next exception ends by itself, in milliseconds since 1970.
 *
 * @param {Rules} rules
 */
const nextEnd = ({ exemptions }) => Math.min(...exemptions.map(({ until }) => Date.parse(until)).filter((end) => end > now()));

/**
 * Whether rules told once more are those already obeyed; a worker that was started anew tells them again.
 *
 * @param {Rules} one
 * @param {Rules} other
 */
function isSame(one, other) {
  const named = (/** @type {Rules} */ { policy, rulebook, services, adapters, exemptions }) => JSON.stringify([policy.version, policy.etag, rulebook.version, services, adapters, exemptions]);
  return named(one) === named(other);
}
