/** Stands between a page and the files a person gives it: they are read, judged, and given on or not. */

import { isConnected } from "../browser.js";
import { uuid7 } from "../messages.js";
import { stops } from "../policy/decide.js";
import { filesOf, MOST_FILES, release, withdraw } from "./carriers.js";
import { valuesIn } from "./deciding.js";
import { say } from "./elements.js";
import { fillForFiles } from "./file_question.js";
import { redactedFiles } from "./file_redacting.js";
import { whenStarted } from "./guard.js";
import { eventOf } from "./judging.js";
import { judgeFile } from "./file_judging.js";
import { readFile } from "./reading_files.js";
import { refusal } from "./submission.js";

/** @typedef {import("./carriers.js").Taken} Taken */
/** @typedef {import("./file_judging.js").JudgedFile} JudgedFile */
/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("./reasons.js").Reason} Reason */

/** In a longer text each of thousands of values would be looked up from its start. */
const LONGEST_EXPECTED = 200_000;

export const startUploads = async () => new Uploads(await whenStarted);

export class Uploads {
  /** @param {import("./guard.js").Guard} guard */
  constructor(guard) {
    this.guard = guard;
    this.known = guard.known;
    this.panel = guard.panel;
    /** Events of ours. @type {WeakSet<Event>} */
    this.released = new WeakSet();
    /** Files that were judged, and the rules they were judged by. @type {WeakMap<File, Rules | null>} */
    this.cleared = new WeakMap();
    this.turn = Promise.resolve();
  }

  /**
   * Whether an event may go on to the page as it is.
   *
   * @param {Event} event
   * @param {File[]} files
   */
  mayPass(event, files) {
    if (!this.known.isCovered || this.released.has(event)) return true;
    return files.length > 0 && files.every((file) => this.cleared.get(file) === this.known.rules);
  }

  /**
   * One after the other: a second panel would lie over the first.
   *
   * @param {Taken} taken
   */
  take(taken) {
    this.turn = this.turn.then(() => this.#decide(taken).catch(() => this.#refuse(taken, "broken")));
  }

  /**
   * @param {Taken} taken
   * @returns {Promise<void>}
   */
  async #decide(taken) {
    if (!isConnected()) return this.#refuse(taken, "reload");
    let isGivenUp = false;
    const progress = this.panel.showProgress();
    /** @type {File[]} */
    let files = [];
    /** @type {JudgedFile[] | null} */
    let judged = null;
    try {
      files = await filesOf(taken);
      judged = files.length > MOST_FILES ? [] : await this.#judged(files, taken.way);
    } finally {
      isGivenUp = progress.end();
    }
    if (!this.known.isInForce) return this.#release(taken, files);
    if (files.length > MOST_FILES) return this.#refuse(taken, "many_files");
    if (!judged) return this.#refuse(taken, "starting");
    if (isGivenUp) {
      for (const one of judged) if (stops(one.judgement.action)) this.#record(one);
      return this.#end(taken, judged, "abandoned");
    }
    return judged.some(({ judgement }) => stops(judgement.action)) ? this.#offer(taken, files, judged) : this.#let(taken, files, judged);
  }

  /**
   * Return what was decided about each file; null where there is nothing to decide by.
   *
   * @param {File[]} files
   * @param {string} channel
   */
  async #judged(files, channel) {
    await this.known.ready();
    if (!this.known.rules || !this.known.isInForce) return null;
    /** @type {JudgedFile[]} */
    const judged = [];
    for (const file of files) judged.push(await judgeFile(this.guard, file, await readFile(file, this.panel.root), channel));
    return judged;
  }

  /**
   * @param {Taken} taken
   * @param {File[]} files
   * @param {JudgedFile[]} judged
   * @returns {Promise<void>}
   */
  async #offer(taken, files, judged) {
    const { rules } = this.known;
    if (isPictureOfText(taken, judged)) return this.#leaveOut(taken);
    const stopped = judged.filter(({ judgement }) => stops(judgement.action));
    for (const one of stopped) this.#record(one);
    const ask = async (/** @type {Reason} */ reason) => this.#ask(stopped, reason);
    const kindsIn = (/** @type {string} */ words) => this.known.kindsIn(words);
    const redacted = await redactedFiles(this.guard, files, judged);
    const changes = [...redacted.values()].flatMap((one) => one.changes);
    const choice = await this.panel.askWith({ judged: stopped, changes, ask, kindsIn, policyVersion: rules?.policy.version ?? 0, ...this.known.names }, fillForFiles);
    if (choice.kind === "justify" || choice.kind === "redact") {
      // Rules that came while the panel was open decide.
      if (this.known.rules !== rules) return this.#decide(taken);
      return choice.kind === "justify" ? this.#let(taken, files, judged, choice.reason) : this.#letRedacted(taken, files, judged, redacted);
    }
    this.#end(taken, judged, choice.kind === "report_false_positive" ? "false_positive" : "abandoned");
    if (choice.kind === "report_false_positive") return this.panel.tell("reported");
    if (choice.kind === "redirect") open(`https://${choice.host}/`, "_blank", "noopener");
  }

  /**
   * Office programs put a picture of a text beside it. The text is what is wanted, and it is judged when it is sent.
   *
   * @param {Taken} taken
   */
  #leaveOut(taken) {
    release(taken, [], (event) => this.released.add(event));
    const where = taken.target instanceof Element ? taken.target.getBoundingClientRect() : new DOMRect();
    this.panel.notes.hintAt(say("picture_left_out"), where);
    return Promise.resolve();
  }

  /**
   * Ask about the first of the strictest; what is granted holds for its kinds, whichever file they are in.
   *
   * @param {JudgedFile[]} stopped
   * @param {Reason} reason
   */
  async #ask(stopped, reason) {
    const one = stopped.find(({ judgement }) => judgement.action === "block") ?? stopped[0];
    const trouble = await this.guard.link.ask(uuid7(), one?.judgement.submissionId ?? "", reason);
    return trouble ? refusal(trouble) : "";
  }

  /**
   * @param {Taken} taken
   * @param {File[]} files
   * @param {JudgedFile[]} judged
   * @param {Reason} [reason] Why those that were stopped may go on.
   */
  #let(taken, files, judged, reason) {
    if (!isConnected()) return this.#refuse(taken, "reload");
    for (const one of judged) {
      if (!stops(one.judgement.action)) this.#record(one);
      else if (reason) this.#justified(one, reason);
    }
    this.#release(taken, files);
    return Promise.resolve();
  }

  /**
   * @param {Taken} taken
   * @param {File[]} files
   * @param {JudgedFile[]} judged
   * @param {import("./file_redacting.js").RedactedFiles} redacted
   */
  #letRedacted(taken, files, judged, redacted) {
    if (!isConnected()) return this.#refuse(taken, "reload");
    for (const one of judged) {
      const { changes } = redacted.get(one) ?? {};
      this.#record(one, changes && "redacted_sent");
      if (changes) this.guard.restoring.remember(one.text, changes);
    }
    this.#release(taken, judged.flatMap((one, place) => redacted.get(one)?.file ?? files[place] ?? []));
    return Promise.resolve();
  }

  /**
   * A page may write the text of a file into its request; that is not asked about once more.
   *
   * @param {JudgedFile} one
   * @param {Reason} reason
   */
  #justified(one, reason) {
    this.#record(one, "justified_sent", reason);
    if (one.text.length <= LONGEST_EXPECTED) this.guard.departures.expect([one.text.slice(one.text.indexOf("\n") + 1)], valuesIn(one.text, one.judgement));
  }

  /**
   * @param {Taken} taken
   * @param {File[]} files
   */
  #release(taken, files) {
    for (const file of files) this.cleared.set(file, this.known.rules);
    release(taken, files, (event) => this.released.add(event));
  }

  /**
   * Nothing goes on. A harmless file beside a stopped one was never sent, so there is nothing to record of it.
   *
   * @param {Taken} taken
   * @param {JudgedFile[]} judged
   * @param {string} disposition
   */
  #end(taken, judged, disposition) {
    for (const one of judged) {
      if (stops(one.judgement.action)) this.#record(one, disposition);
      else if (one.judgement.isRecorded) this.#record(one, "abandoned");
    }
    withdraw(taken);
  }

  /**
   * @param {JudgedFile} one
   * @param {string} [disposition] Without one it is the verdict, which the server may have recorded already.
   * @param {Reason} [reason]
   */
  #record({ judgement, text, channel }, disposition, reason) {
    if (!disposition && judgement.isRecorded) return;
    this.guard.link.send({ t: "event", event: eventOf(judgement, { host: this.known.host, channel, text, disposition, reason }) });
  }

  /**
   * @param {Taken} taken
   * @param {string} name
   */
  #refuse(taken, name) {
    withdraw(taken);
    return this.panel.tell(name);
  }
}

/**
 * Whether a paste is a text, and beside it only what cannot be read.
 *
 * @param {Taken} taken
 * @param {JudgedFile[]} judged
 */
const isPictureOfText = ({ way, texts }, judged) => way === "pasted" && texts.some(([type, text]) => type === "text/plain" && text.trim()) && judged.every(({ unread }) => unread === "kind");
