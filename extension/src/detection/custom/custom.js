/** A client's own rules beside the rulebook; the twin of backend/detection/custom/detection.py. */

import { Detector } from "../engine.js";
import { normalise } from "../normalise.js";
import { toCodePoints, toUtf16, withoutOverlaps } from "../spans.js";
import { original } from "../views.js";
import { digester, pieces, plain } from "./digests.js";

/** @typedef {import("../finding.js").Finding} Finding */
/**
 * @typedef {object} Custom As the bundle holds it.
 * @property {import("../rulebook.js").Rule[]} rules
 * @property {Record<string, string>} names What people call each rule.
 * @property {{rule: string, category: string, severity: string, digests: string[], lengths: number[]}[]} values
 * @property {{digests: string[], type: string | null, until: string | null}[]} allowed
 * @property {string} key Of the digests, as hex.
 * @property {boolean} asks_server Whether some pattern is looked for by the server alone.
 */

const WINDOW = 4096;
const OVERLAP = 1024;
const KNOWN = 0.99;

export class CustomDetection {
  /** @param {Custom} custom */
  constructor(custom) {
    this.custom = custom;
    this.detector = new Detector({ format: 1, version: "custom", rules: custom.rules });
    this.digest = digester(custom.key);
    this.lengths = new Set(custom.values.flatMap(({ lengths }) => lengths));
    this.lists = new Map(custom.values.toReversed().flatMap((list) => list.digests.map((digest) => [digest, list])));
    this.allowed = custom.allowed.map((one) => ({ ...one, digests: new Set(one.digests) }));
  }

  /**
   * Return what the rulebook found with what is found here, less what may pass.
   *
   * @param {string} text
   * @param {Finding[]} found
   * @param {number} [budget] Milliseconds for the client's patterns.
   * @param {() => number} [now] Milliseconds.
   * @returns {{findings: Finding[], isFinished: boolean}} Where it is not finished the server has to be asked.
   */
  addedTo(text, found, budget = Infinity, now = () => performance.now()) {
    const { findings, isFinished } = this.#ofRules(text, now() + budget, now);
    const merged = withoutOverlaps(found, findings, this.#ofValues(text));
    const today = new Date().toISOString().slice(0, 10);
    return { findings: merged.filter((finding) => !this.#mayPass(text, finding, today)), isFinished };
  }

  /**
   * @param {string} text
   * @param {number} deadline
   * @param {() => number} now
   */
  #ofRules(text, deadline, now) {
    /** @type {Map<string, Finding>} */
    const found = new Map();
    const points = toCodePoints(text);
    for (let from = 0; this.custom.rules.length && (from === 0 || from + OVERLAP < text.length); from += WINDOW - OVERLAP) {
      if (now() > deadline) return { findings: [...found.values()], isFinished: false };
      const first = points(from);
      for (const finding of this.detector.detect(text.slice(from, from + WINDOW))) {
        const [start, end] = [finding.start + first, finding.end + first];
        found.set(`${finding.rule} ${start} ${end}`, { ...finding, start, end, context: this.custom.names[finding.rule] ?? null });
      }
    }
    return { findings: [...found.values()], isFinished: true };
  }

  /**
   * @param {string} text
   * @returns {Finding[]}
   */
  #ofValues(text) {
    if (!this.lengths.size) return [];
    const view = normalise(text);
    return [...pieces(view, this.lengths)].flatMap(([letters, from, to]) => {
      const list = this.lists.get(this.digest(letters));
      if (!list) return [];
      const [start, end] = original(view, from, to);
      const { rule, category, severity } = list;
      return [{ rule, type: "CUSTOM", category, family: "custom", severity, start, end, confidence: KNOWN, context: this.custom.names[rule] ?? null, validator: null, tie: "near" }];
    });
  }

  /**
   * @param {string} text
   * @param {Finding} finding
   * @param {string} today
   */
  #mayPass(text, finding, today) {
    const concerned = this.allowed.filter(({ type, until }) => (type === null || type === finding.type) && (until === null || today <= until));
    if (!concerned.length) return false;
    const digest = this.digest(plain(text.slice(...toUtf16(text, finding.start, finding.end))));
    return concerned.some(({ digests }) => digests.has(digest));
  }
}
