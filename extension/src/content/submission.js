/** One held attempt to send: judged, offered the ways out, and let go only as exactly what was decided on. */

import { isConnected } from "../browser.js";
import { replacements } from "../detection/masking.js";
import { uuid7 } from "../messages.js";
import { stops } from "../policy/decide.js";
import { editorsIn } from "./editors.js";
import { judgedBy, valuesIn } from "./deciding.js";
import { say } from "./elements.js";
import { readEditor } from "./reading.js";
import { canReplace, replaceIn } from "./replacing.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("./attempt.js").Attempt} Attempt */
/** @typedef {import("./judging.js").Judgement} Judgement */
/** @typedef {import("./replacing.js").Change} Change */
/** @typedef {{attempt: Attempt, editor: HTMLElement, text: string}} Held The text of an editor, and how it was to be sent. */

const RELEASE_MS = 2000;

export class Submission {
  /**
   * @param {import("./guard.js").Guard} guard
   * @param {Held} held
   */
  constructor(guard, held) {
    this.guard = guard;
    this.held = held;
    this.panel = guard.panel;
    this.known = guard.known;
  }

  /** @returns {Promise<void>} */
  async decide() {
    if (!isConnected()) return this.panel.tell("reload");
    let isGivenUp = false;
    const progress = this.panel.showProgress();
    await this.guard.pasted.settled();
    const whole = this.guard.whole(this.held.text);
    const judging = judgedBy(this.guard, whole);
    const judged = await Promise.race([judging, progress.givenUp]).finally(() => (isGivenUp = progress.end()));
    // Nobody waits for it any more; what it comes to is recorded all the same.
    if (isGivenUp) return void judging.then((late) => late && this.guard.record(late, whole, "abandoned"), () => undefined);
    if (!this.known.isInForce) return this.#release();
    if (!judged) return this.panel.tell("starting");
    return stops(judged.action) ? this.#offer(whole, judged) : this.#release(undefined, valuesIn(whole, judged));
  }

  /**
   * @param {string} whole
   * @param {Judgement} judged
   * @returns {Promise<void>}
   */
  async #offer(whole, judged) {
    const rules = /** @type {Rules} */ (this.known.rules);
    const found = replacements(whole, judged.toRedact.flatMap((position) => judged.findings[position] ?? []), this.guard.restoring.placeholders);
    const hindrance = this.#hindrance(found);
    const changes = hindrance ? [] : found;
    const choice = await this.panel.ask({ text: whole, judged, changes, hindrance, policyVersion: judged.policyVersion, kindsIn: (words) => this.known.kindsIn(words), ask: (reason) => this.#ask(judged, whole, reason), ...this.known.names });
    const isSending = choice.kind === "redact" || choice.kind === "justify";
    // Rules that came while the panel was open decide, unless they ask for less.
    if (isSending && this.known.rules !== rules && stops(this.known.judge(whole, this.guard.channel).action)) return this.decide();
    if (choice.kind === "redact") return this.#redactAndSend(judged, changes);
    if (choice.kind === "justify") return this.#release(() => this.guard.record(judged, whole, "justified_sent", choice.reason), valuesIn(whole, judged));
    if (choice.kind === "request_exception") return; // recorded as it was asked
    this.guard.record(judged, whole, choice.kind === "report_false_positive" ? "false_positive" : "abandoned");
    if (choice.kind === "report_false_positive") return this.panel.tell("reported");
    if (choice.kind === "redirect") open(`https://${choice.host}/`, "_blank", "noopener");
  }

  /**
   * Return why an exception could not be asked for; empty where it was. The text stays in the editor.
   *
   * @param {Judgement} judged
   * @param {string} whole
   * @param {import("./reasons.js").Reason} reason
   */
  async #ask(judged, whole, reason) {
    const trouble = await this.guard.link.ask(uuid7(), judged.submissionId, reason);
    if (trouble) return refusal(trouble);
    this.guard.asked.set(judged.submissionId, this.held);
    this.guard.record(judged, whole, "abandoned");
    return "";
  }

  /**
   * Return why what was found cannot be replaced here, as the name of a text; null where it can.
   *
   * @param {Change[]} changes
   */
  #hindrance(changes) {
    if (changes.some(({ end }) => end > this.held.text.length)) return "beside_text";
    return canReplace(this.held.editor, changes) ? null : "too_much_text";
  }

  /**
   * @param {Judgement} judged
   * @param {Change[]} changes
   * @returns {Promise<void>}
   */
  async #redactAndSend(judged, changes) {
    const editor = stillThere(this.held);
    if (!editor) return this.panel.tell("changed");
    const before = this.held.text;
    if (!(await replaceIn(editor, changes))) return this.panel.tell("mismatch");
    this.guard.restoring.remember(before, changes);
    this.held = { ...this.held, editor, text: readEditor(editor) };
    const whole = this.guard.whole(this.held.text);
    await this.known.prepare(whole, this.guard.channel);
    // What one finding covered may be a finding of its own once that is gone.
    if (stops(this.known.judge(whole, this.guard.channel).action)) return this.decide();
    return this.#release(() => this.guard.record(judged, whole, "redacted_sent"));
  }

  /**
   * Let exactly this text go, the way it was about to.
   *
   * @param {() => void} [record]
   * @param {string[]} [values] What was found in it, and leaves with it.
   */
  async #release(record, values = []) {
    const editor = stillThere(this.held);
    if (!isConnected()) return this.panel.tell("reload");
    if (!editor) return this.panel.tell("changed");
    record?.();
    this.guard.letPass(this.held.text, RELEASE_MS, values);
    this.held.attempt.again(editor);
  }
}

/**
 * Say why it could not be asked: in the reader's language where we know why, else in the server's words.
 *
 * @param {import("../messages.js").Trouble} trouble
 */
export function refusal({ code, detail }) {
  const name = `asked_${code.replaceAll("-", "_")}`;
  return say(name) === name ? detail || say("asked_unreachable") : say(name);
}

/**
 * Return the editor that holds exactly what was judged; pages make their editors anew.
 *
 * @param {Held} held
 * @returns {HTMLElement | null}
 */
export function stillThere({ editor, text }) {
  const candidates = editor.isConnected ? [editor] : editorsIn(document);
  return candidates.find((found) => readEditor(found) === text) ?? null;
}
