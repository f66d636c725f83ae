/** The second ring: what the page's own world is about to send is judged here, unless a person has just sent it. */

import { bundled } from "../../bundled/adapters.js";
import { isConnected } from "../browser.js";
import { uuid7 } from "../messages.js";
import { stops } from "../policy/decide.js";
import { failsAs } from "../policy/policy.js";
import { Addresses } from "../leaving/addresses.js";
import { textsOf } from "../leaving/bodies.js";
import { hashOf, Releases } from "../leaving/releases.js";
import { judgedBy, valuesIn } from "./deciding.js";
import { mustAskServer, ofLocal } from "./judging.js";
import { refusal } from "./submission.js";

/** @typedef {import("../messages.js").Adapter} Adapter */
/** @typedef {import("../leaving/addresses.js").Watched} Watched */
/** @typedef {"go" | "show" | "no"} Word */
/** @typedef {(id: number, word: Word) => void} Answer */
/**
 * @typedef {object} Question
 * @property {number} id
 * @property {"look" | "judge"} t
 * @property {string} transport
 * @property {string} url
 * @property {string} method
 * @property {import("../leaving/bodies.js").Body & {isNow?: boolean}} [body]
 */

/** A page tries again by itself what was refused; one panel is enough. */
const REFUSED_MS = 10_000;
const PAUSE_MS = 100;
const MISSED_MS = 31_000;
/** A frame smaller than this has no room for a question. */
const LEAST_ROOM = [320, 240];

export class Departures {
  /** @param {import("./guard.js").Guard} guard */
  constructor(guard) {
    this.guard = guard;
    this.addresses = new Addresses(bundled);
    this.releases = new Releases();
    /** @type {Map<string, number>} */
    this.refused = new Map();
    /** Questions to the person come one after the other. @type {Promise<unknown>} */
    this.turn = Promise.resolve();
    this.isHooked = false;
  }

  /** The page's own world has said hello. */
  hasPageLine() {
    this.isHooked = true;
  }

  /** @param {Adapter[]} adapters */
  obey(adapters) {
    const { adapter } = this.guard.known;
    if (adapter && !this.isHooked) this.guard.health.note(adapter, "page", true);
    this.addresses = new Addresses(adapters.length ? adapters : bundled);
  }

  /**
   * A person has sent this: its request is not asked about again.
   *
   * @param {string[]} texts
   * @param {string[]} values
   */
  expect(texts, values) {
    const said = texts.filter((text) => text.trim());
    if (!said.length) return;
    this.releases.add(said, values);
    setTimeout(() => this.#missRequest(), MISSED_MS);
    // A page may leave the sending to a worker, whose requests are seen from outside alone.
    if (values.length) this.guard.link.send({ t: "left", id: "", hashes: [...said, ...values].map(hashOf) });
  }

  /**
   * A body of another shape is a sign that a site has changed, unless other requests go there too.
   *
   * @param {Watched} found
   * @param {boolean} isKnown
   */
  #noteHealth({ adapter, request }, isKnown) {
    const isShared = request.shared || request.transport === "websocket";
    if (!isKnown && !isShared) this.guard.health.note(adapter, "body", true); // until the page is loaded again
    this.guard.health.note(adapter, "request", false);
  }

  /** A person has sent something a while ago and no request was seen: its address is another one now. */
  #missRequest() {
    const { adapter } = this.guard.known;
    if (adapter && this.isHooked && this.releases.areAllMissed) this.guard.health.note(adapter, "request", true);
  }

  /**
   * @param {Question} question
   * @param {Answer} answer
   */
  onAsk(question, answer) {
    const found = this.#watched(question.url, question.method);
    if (!found) return answer(question.id, "go");
    if (question.t === "look") return answer(question.id, "show");
    const word = this.#soon(found, question);
    if (typeof word === "string") return answer(question.id, word);
    if (question.body?.isNow) answer(question.id, "no"); // there is no waiting; the person is told why
    void word.then((later) => question.body?.isNow || answer(question.id, later));
  }

  /**
   * Return whether a form that sends to a prompt's address was held.
   *
   * @param {Event} event
   */
  onSubmit(event) {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    const submitter = event instanceof SubmitEvent ? event.submitter : null;
    if (!form) return false;
    const by = /** @type {HTMLButtonElement | null} */ (submitter);
    const url = by?.hasAttribute("formaction") ? by.formAction : String(Reflect.get(HTMLFormElement.prototype, "action", form));
    const method = (by?.getAttribute("formmethod") ?? String(Reflect.get(HTMLFormElement.prototype, "method", form))).toUpperCase();
    const found = this.#watched(url, method);
    if (!found || event.eventPhase === Event.NONE) return false;
    const fields = [...new FormData(form, submitter)].flatMap(([name, value]) => (typeof value === "string" ? [/** @type {[string, string]} */ ([name, value])] : []));
    const word = this.#soon(found, { url, body: { fields, isNow: true } });
    if (word === "go") return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (typeof word !== "string") void word.then((later) => later === "go" && form.isConnected && form.requestSubmit(submitter));
    return true;
  }

  /**
   * @param {string} url
   * @param {string} method
   */
  #watched(url, method) {
    return this.guard.known.isInForce && URL.canParse(url) ? this.addresses.find(new URL(url), method.toUpperCase()) : null;
  }

  /**
   * Answer at once where that can be done; else promise to.
   *
   * @param {Watched} found
   * @param {Pick<Question, "url" | "body">} question
   * @returns {Word | Promise<Word>}
   */
  #soon(found, { url, body = {} }) {
    const read = textsOf(found.request, body, new URL(url));
    this.#noteHealth(found, read.isKnown);
    if (!read.isReadable) return this.#unreadable();
    const texts = read.texts.filter((text) => text.trim());
    const text = this.releases.claim(texts).join("\n");
    const isAwaited = this.releases.isAwaiting;
    if (!text || this.#isReleased(text)) return this.#pass(texts, body.isNow, true);
    if (this.#isHarmless(text, isAwaited)) return this.#pass(texts, body.isNow, false);
    if (found.request.when === "typing" && this.guard.known.rules) return "no"; // it will be asked about when it is sent
    return this.#later(text).then((word) => (word === "go" ? this.#pass(texts, body.isNow, true) : word));
  }

  /**
   * Let it go. The worker hears of it first where it could stop it, and is told where it would be right to.
   *
   * @param {string[]} texts
   * @param {boolean | undefined} isNow
   * @param {boolean} isReleased By a person.
   * @returns {Word | Promise<Word>}
   */
  #pass(texts, isNow, isReleased) {
    const { known, link } = this.guard;
    if (!isReleased && !known.canStop) return "go";
    const hashes = texts.map(hashOf);
    if (!isNow && known.canStop) return link.leave(uuid7(), hashes).then(() => "go");
    link.send({ t: "left", id: "", hashes });
    return "go";
  }

  /**
   * What cannot be read cannot be judged: it leaves only where the policy lets pass what nobody checked.
   *
   * @returns {Promise<Word>}
   */
  async #unreadable() {
    const { known } = this.guard;
    await known.ready();
    const wish = known.rules ? failsAs(known.rules.policy.document, []) : "block";
    if (!known.isInForce || wish === "allow_and_queue") return "go";
    return this.#tell("unreadable");
  }

  /**
   * Whether a person has let go everything that is found in this.
   *
   * @param {string} text
   */
  #isReleased(text) {
    const { known, channel } = this.guard;
    return Boolean(known.rules) && this.releases.isAwaiting && this.releases.claimValues(valuesIn(text, known.judge(text, channel)));
  }

  /**
   * @param {string} text
   * @param {boolean} isAwaited Whether a person has sent something, and it is recorded.
   */
  #isHarmless(text, isAwaited) {
    const { known, channel } = this.guard;
    if (!known.rules || !isConnected()) return false;
    try {
      const local = known.judge(text, channel);
      if (stops(local.action) || mustAskServer(known.rules, local)) return false;
      if (local.noted.length && !isAwaited) this.guard.record(ofLocal(local), text);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * @param {string} text
   * @returns {Promise<Word>}
   */
  #later(text) {
    const mine = this.turn.then(() => this.#decided(text));
    this.turn = mine.catch(() => undefined);
    return mine.catch(() => "no");
  }

  /**
   * @param {string} text
   * @returns {Promise<Word>}
   */
  async #decided(text) {
    const { guard } = this;
    if (!isConnected()) return this.#tell("reload");
    while (guard.isBusy) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const hash = hashOf(text);
    if ((this.refused.get(hash) ?? 0) > performance.now()) return "no";
    const judged = await judgedBy(guard, text);
    if (!guard.known.isInForce) return "go";
    if (!judged) return this.#tell("starting");
    if (!stops(judged.action)) return "go";
    const word = await this.#offered(text, judged);
    if (word === "no") this.refused.set(hash, performance.now() + REFUSED_MS);
    return word;
  }

  /**
   * @param {string} text
   * @param {import("./judging.js").Judgement} judged
   * @returns {Promise<Word>}
   */
  async #offered(text, judged) {
    const { guard } = this;
    if (!hasRoom()) return this.#tell("stopped");
    guard.isBusy = true;
    try {
      const choice = await guard.panel.ask({ text, judged, changes: [], hindrance: "request_text", policyVersion: judged.policyVersion, kindsIn: (words) => guard.known.kindsIn(words), ask: (reason) => this.#ask(judged, text, reason), ...guard.known.names });
      if (choice.kind === "justify" && guard.known.judge(text, guard.channel).action !== "block") {
        guard.record(judged, text, "justified_sent", choice.reason);
        this.expect([text], valuesIn(text, judged)); // where it could not wait it goes when it is tried again
        return "go";
      }
      if (choice.kind !== "request_exception") guard.record(judged, text, choice.kind === "report_false_positive" ? "false_positive" : "abandoned");
      if (choice.kind === "report_false_positive") await guard.panel.tell("reported");
      return "no";
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
   * @returns {"no"}
   */
  #tell(name) {
    if (hasRoom()) this.tellOnce(name);
    else this.guard.link.send({ t: "stopped", name });
    return "no";
  }
}

/** The top frame has always room: the panel lies over all of it. */
const hasRoom = () => window.top === window || (innerWidth >= (LEAST_ROOM[0] ?? 0) && innerHeight >= (LEAST_ROOM[1] ?? 0));
