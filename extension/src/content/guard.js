/** Holds a send, has it judged, and lets it go, or opens the panel with a way out. */

import { isConnected } from "../browser.js";
import { replacements } from "../detection/masking.js";
import { uuid7 } from "../messages.js";
import { stops } from "../policy/decide.js";
import { attemptOf } from "./attempt.js";
import { editorOf, editorsIn } from "./editors.js";
import { eventOf, mustAskServer, ofLocal, ofServer, withoutServer } from "./judging.js";
import { Known } from "./known.js";
import { Link } from "./link.js";
import { Panel } from "./panel.js";
import { readEditor } from "./reading.js";
import { canReplace, replaceIn } from "./replacing.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("./attempt.js").Attempt} Attempt */
/** @typedef {import("./judging.js").Judgement} Judgement */
/** @typedef {{attempt: Attempt, editor: HTMLElement, text: string}} Held What is held, and where it stands. */

const RELEASE_MS = 2000;
/** Enter is often followed by a submit of the same text. */
const FOLLOWED_MS = 300;
/** Editors take in what is pasted a little later. */
const INSERTED_MS = 60;

export function startGuard() {
  const guard = new Guard();
  return {
    onAttempt: (/** @type {Event} */ event, /** @type {EventTarget | undefined} */ target) => guard.onAttempt(event, target),
    onInsert: (/** @type {string} */ channel, /** @type {EventTarget | undefined} */ target) => guard.onInsert(channel, target),
    owns: (/** @type {EventTarget | null} */ target) => target === guard.panel.host,
    keep: (/** @type {Event} */ event) => guard.panel.keep(event),
  };
}

class Guard {
  constructor() {
    this.known = new Known();
    this.panel = new Panel();
    this.channel = "typed";
    this.isBusy = false;
    /** What may pass for a moment: exactly these texts. @type {Map<string, number>} */
    this.passes = new Map();
    this.link = new Link(
      (message) => this.#receive(message),
      () => this.panel.showParting(),
    );
  }

  /** @param {import("../messages.js").ToTab} message */
  #receive(message) {
    if (message.t === "rules") {
      this.known.obey(message.rules);
      this.link.send({ t: "obeyed", version: message.rules.policy.version, rulebookVersion: message.rules.rulebook.version });
    } else if (message.t === "state") {
      this.known.hear(message);
      this.panel.showState(message);
      if (this.known.isInForce && message.clientName && !message.isNoticeSeen) this.panel.showNotice(message.clientName, () => this.link.send({ t: "notice-seen" }));
      if (message.isNoticeSeen) this.panel.hideNotice();
    }
  }

  /**
   * Text came in by paste or drop: it stays, and what would stop it is said at once.
   *
   * @param {string} channel
   * @param {EventTarget | undefined} target
   */
  onInsert(channel, target) {
    const editor = editorOf(target) ?? editorOf(document.activeElement);
    if (!editor) return;
    this.channel = channel;
    setTimeout(() => this.#warnEarly(editor), INSERTED_MS);
  }

  /** @param {HTMLElement} editor */
  #warnEarly(editor) {
    if (!this.known.rules || !this.known.isInForce || this.isBusy || !editor.isConnected || !isConnected()) return;
    const local = this.known.judge(readEditor(editor), this.channel);
    if (stops(local.action)) this.panel.showHint(local.to_redact.map((position) => local.findings[position]?.type ?? ""), editor.getBoundingClientRect());
  }

  /**
   * @param {Event} event
   * @param {EventTarget | undefined} target
   */
  onAttempt(event, target) {
    if (!this.known.isInForce) return;
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
    return !text.trim() || (this.passes.get(text) ?? 0) > performance.now() || (!isOver && this.#isHarmless(text));
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
      const local = this.known.judge(text, this.channel);
      if (stops(local.action) || mustAskServer(rules, local)) return false;
      this.#record(ofLocal(local), text);
    } catch {
      return false; // an error of ours does not open the gate: it is held, and said there
    }
    this.#letPass(text, FOLLOWED_MS);
    return true;
  }

  /**
   * @param {string} text
   * @param {number} milliseconds
   */
  #letPass(text, milliseconds) {
    const now = performance.now();
    for (const [former, until] of this.passes) if (until < now) this.passes.delete(former);
    this.passes.set(text, now + milliseconds);
    this.channel = "typed";
    this.panel.hideHint();
  }

  /** @param {Held} held */
  async #hold(held) {
    this.isBusy = true;
    try {
      await this.#decide(held);
    } catch {
      await this.panel.tell("broken");
    } finally {
      this.isBusy = false;
      if (this.panel.hasFocus) stillThere(held)?.focus();
    }
  }

  /** @param {Held} held */
  async #decide(held) {
    if (!isConnected()) return this.panel.tell("reload");
    let isGivenUp = false;
    const progress = this.panel.showProgress();
    const judged = await this.#judged(held).finally(() => (isGivenUp = progress.end()));
    if (isGivenUp) return judged ? this.#record(judged, held.text, "abandoned") : undefined;
    if (!this.known.isInForce) return this.#release(held);
    if (!judged) return this.panel.tell("starting");
    return stops(judged.action) ? this.#offer(held, judged) : this.#release(held);
  }

  /**
   * Return what was decided, and recorded; null where there is nothing to decide by.
   *
   * @param {Held} held
   * @returns {Promise<Judgement | null>}
   */
  async #judged({ text }) {
    await this.known.ready();
    const { rules, isInForce } = this.known;
    if (!rules || !isInForce) return null;
    const local = this.known.judge(text, this.channel);
    if (!mustAskServer(rules, local)) return this.#recorded(ofLocal(local), text);
    // An answer that comes too late and the verdict taken without it are one and the same entry.
    const id = uuid7();
    const verdict = await this.link.judge(id, text, this.known.host, this.channel);
    return this.#recorded(verdict ? ofServer(verdict, local) : withoutServer(rules, local, id), text);
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
    this.link.send({ t: "event", event: eventOf(judged, { host: this.known.host, channel: this.channel, text, disposition }) });
  }

  /**
   * @param {Held} held
   * @param {Judgement} judged
   * @returns {Promise<void>}
   */
  async #offer(held, judged) {
    const rules = /** @type {Rules} */ (this.known.rules);
    const { text } = held;
    const found = replacements(text, judged.toRedact.flatMap((position) => judged.findings[position] ?? []));
    const isTooMuch = !canReplace(held.editor, found);
    const changes = isTooMuch ? [] : found;
    const approved = rules.services.filter((service) => service.status === "approved");
    const named = { clientName: rules.clientName, policyName: rules.policy.document.name, policyVersion: judged.policyVersion };
    const choice = await this.panel.ask({ text, judged, changes, isTooMuch, approved, ...named });
    const isSending = choice.kind === "redact" || choice.kind === "justify";
    // Rules that came while the panel was open decide, unless they ask for less.
    if (isSending && this.known.rules !== rules && stops(this.known.judge(text, this.channel).action)) return this.#decide(held);
    if (choice.kind === "redact") return this.#redactAndSend(held, judged, changes);
    if (choice.kind === "justify") return this.#release(held, () => this.#record(judged, text, "justified_sent"));
    this.#record(judged, text, choice.kind === "report_false_positive" ? "false_positive" : "abandoned");
    if (choice.kind === "report_false_positive") await this.panel.tell("reported");
    else if (choice.kind === "request_exception") await this.panel.tell("exception");
    else if (choice.kind === "redirect") open(`https://${choice.host}/`, "_blank", "noopener");
  }

  /**
   * @param {Held} held
   * @param {Judgement} judged
   * @param {ReturnType<typeof replacements>} changes
   */
  async #redactAndSend(held, judged, changes) {
    const editor = stillThere(held);
    if (!editor) return this.panel.tell("changed");
    if (!(await replaceIn(editor, changes))) return this.panel.tell("mismatch");
    const redacted = { ...held, editor, text: readEditor(editor) };
    // What one finding covered may be a finding of its own once that is gone.
    if (stops(this.known.judge(redacted.text, this.channel).action)) return this.#decide(redacted);
    return this.#release(redacted, () => this.#record(judged, redacted.text, "redacted_sent"));
  }

  /**
   * Let exactly this text go, the way it was about to.
   *
   * @param {Held} held
   * @param {() => void} [record]
   */
  async #release(held, record) {
    const editor = stillThere(held);
    if (!isConnected()) return this.panel.tell("reload");
    if (!editor) return this.panel.tell("changed");
    record?.();
    this.#letPass(held.text, RELEASE_MS);
    held.attempt.again(editor);
  }
}

/**
 * Return the editor that holds exactly what was judged; pages make their editors anew.
 *
 * @param {Held} held
 * @returns {HTMLElement | null}
 */
function stillThere({ editor, text }) {
  const candidates = editor.isConnected ? [editor] : editorsIn(document);
  return candidates.find((found) => readEditor(found) === text) ?? null;
}
