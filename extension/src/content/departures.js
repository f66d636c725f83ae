/** The second ring: what the page's own world is about to send is judged here, unless a person has just sent it. */

import { bundled } from "../../bundled/adapters.js";
import { isConnected } from "../browser.js";
import { uuid7 } from "../messages.js";
import { stops } from "../policy/decide.js";
import { failsAs } from "../policy/policy.js";
import { Addresses } from "../leaving/addresses.js";
import { rewritten, textsOf } from "../leaving/bodies.js";
import { hashOf, Releases } from "../leaving/releases.js";
import { Asking } from "./asking.js";
import { valuesIn } from "./deciding.js";
import { mustAskServer, ofLocal } from "./judging.js";

/** @typedef {import("../messages.js").Adapter} Adapter */
/** @typedef {import("../leaving/addresses.js").Watched} Watched */
/** @typedef {"go" | "show" | "no"} Word */
/** @typedef {{word: Word, instead?: string | undefined}} Outcome `instead` is the body that goes in place of the one asked about. */
/** @typedef {(id: number, word: Word, instead?: string) => void} Answer */
/**
 * @typedef {object} Question
 * @property {number} id
 * @property {"look" | "judge"} t
 * @property {string} transport
 * @property {string} url
 * @property {string} method
 * @property {import("../leaving/bodies.js").Body & {isNow?: boolean}} [body]
 */

const MISSED_MS = 31_000;

export class Departures {
  /** @param {import("./guard.js").Guard} guard */
  constructor(guard) {
    this.guard = guard;
    this.addresses = new Addresses(bundled);
    this.releases = new Releases();
    this.asking = new Asking(guard, (texts, values) => this.expect(texts, values));
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
    const said = [...new Set(texts)].filter((text) => text.trim()); // mostly nothing is beside the editor, and twice the same comes
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
    const outcome = this.#soon(found, question);
    if (typeof outcome === "string") return answer(question.id, outcome);
    if (question.body?.isNow) answer(question.id, "no"); // there is no waiting; the person is told why
    void outcome.then(({ word, instead }) => question.body?.isNow || answer(question.id, word, instead));
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
    const outcome = this.#soon(found, { url, body: { fields, isNow: true } });
    if (outcome === "go") return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (typeof outcome !== "string") {
      void outcome.then(({ word }) => {
        if (word !== "go" || !form.isConnected) return;
        this.releases.add(textsIn(found, { fields }, url)); // what was decided is not asked about again
        form.requestSubmit(submitter);
      });
    }
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
   * @returns {Word | Promise<Outcome>}
   */
  #soon(found, { url, body = {} }) {
    const read = textsOf(found.request, body, new URL(url));
    this.#noteHealth(found, read.isKnown);
    if (!read.isReadable) return this.#unreadable();
    const texts = read.texts.filter((text) => text.trim());
    const text = this.releases.claim(texts).join("\n");
    const isAwaited = this.releases.isAwaiting;
    if (!text) return this.#pass(texts, body.isNow, true);
    const { known, channel } = this.guard;
    const decide = () => this.#decided(found, { url, body }, texts, text, isAwaited);
    if (body.isNow || known.isQuick(text, channel)) return decide();
    return known.prepare(text, channel).catch(() => undefined).then(async () => {
      const outcome = await decide();
      return typeof outcome === "string" ? { word: outcome } : outcome;
    });
  }

  /**
   * @param {Watched} found
   * @param {Pick<Question, "url"> & {body: NonNullable<Question["body"]>}} question
   * @param {string[]} texts
   * @param {string} text What was not released of them.
   * @param {boolean} isAwaited
   * @returns {Word | Promise<Outcome>}
   */
  #decided(found, { url, body }, texts, text, isAwaited) {
    if (this.#isReleased(text)) return this.#pass(texts, body.isNow, true);
    if (this.#isHarmless(text, isAwaited)) return this.#pass(texts, body.isNow, false);
    if (found.request.when === "typing" && this.guard.known.rules) return "no"; // it will be asked about when it is sent
    return this.asking.later(text, (change) => this.#redacted(found, body, url, change)).then(async (outcome) => {
      if (outcome.word !== "go") return outcome;
      const leaving = outcome.instead === undefined ? texts : textsIn(found, { text: outcome.instead, type: body.type ?? "" }, url);
      await this.#pass(leaving, body.isNow, true);
      return outcome;
    });
  }

  /**
   * Return a body with its texts changed, null where it cannot wait, is of a kind that cannot be written anew, or would still be stopped.
   *
   * @param {Watched} found
   * @param {import("../leaving/bodies.js").Body & {isNow?: boolean}} body
   * @param {string} url
   * @param {(text: string) => string} change
   */
  #redacted(found, body, url, change) {
    const made = body.isNow ? null : rewritten(found.request, body, change);
    if (made === null) return null;
    const { known, channel } = this.guard;
    const again = textsIn(found, { text: made, type: body.type ?? "" }, url).join("\n");
    return stops(known.judge(again, channel).action) ? null : made;
  }

  /**
   * Let it go. The worker hears of it first where it could stop it, and is told where it would be right to.
   *
   * @param {string[]} texts
   * @param {boolean | undefined} isNow
   * @param {boolean} isReleased By a person.
   * @returns {"go" | Promise<Outcome>}
   */
  #pass(texts, isNow, isReleased) {
    const { known, link } = this.guard;
    if (!isReleased && !known.canStop) return "go";
    const hashes = texts.map(hashOf);
    if (known.canStop && !(isNow && link.isUp)) return link.leave(uuid7(), hashes).then(() => ({ word: "go" }));
    link.send({ t: "left", id: "", hashes });
    return "go";
  }

  /**
   * What cannot be read cannot be judged: it leaves only where the policy lets pass what nobody checked.
   *
   * @returns {Promise<Outcome>}
   */
  async #unreadable() {
    const { known } = this.guard;
    await known.ready();
    const wish = known.rules ? failsAs(known.rules.policy.document, []) : "block";
    if (!known.isInForce || wish === "allow_and_queue") return { word: "go" };
    return this.asking.tell("unreadable");
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
}

/**
 * @param {Watched} found
 * @param {import("../leaving/bodies.js").Body} body
 * @param {string} url
 */
const textsIn = ({ request }, body, url) => textsOf(request, body, new URL(url)).texts.filter((text) => text.trim());
