/** One submission judged: here first, by the server where the policy asks for it. */

import { toCodePoints } from "../detection/spans.js";
import { uuid7 } from "../messages.js";
import { rank } from "../policy/actions.js";
import { decide, stops } from "../policy/decide.js";
import { filled, translated } from "../policy/messages.js";
import { now } from "../policy/now.js";
import { failsAs, isOrdinary } from "../policy/policy.js";
import { serviceOf, statusAt } from "../policy/services.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("../messages.js").AuditEvent} AuditEvent */
/** @typedef {import("../messages.js").EventFinding} EventFinding */
/** @typedef {import("../policy/decide.js").Action} Action */
/** @typedef {import("../policy/decide.js").Verdict} LocalVerdict */
/** @typedef {LocalVerdict & {isFinished: boolean, noted: import("../detection/finding.js").Finding[], word?: (message: string) => string}} Local `noted` is what is worth a record; `word` fills a message in. */

/**
 * @typedef {{findings: import("../detection/finding.js").Finding[], isFinished: boolean}} Found `isFinished` speaks of the client's own rules.
 * @typedef {EventFinding & {family?: string, context?: string | null, validator?: string | null, reason?: string}} ShownFinding
 *   Where we found it ourselves we know why; else the server says so.
 *
 * @typedef {object} Judgement
 * @property {string} submissionId
 * @property {Action} action
 * @property {ShownFinding[]} findings
 * @property {ShownFinding[]} noted Those that are worth a record.
 * @property {string[]} remedies
 * @property {string} message
 * @property {number[]} toRedact
 * @property {number} policyVersion
 * @property {string} rulebookVersion
 * @property {boolean} isRecorded Whether the server has it in its audit log already.
 * @property {boolean} isExempted Whether it passes only because of an exception.
 * @property {boolean} isUnchecked Whether it is stopped only because the server could not be asked.
 */

/** In what is longer names are found by their labels alone: the model takes as long as all rules together. */
export const LONGEST_MARKED = 32 * 1024;
/** Each of a client's patterns takes bounded time in a window; all of them together take no longer than this. */
const BUDGET_MS = 50;

/**
 * Judge here. Where the client's own rules take too long the server has to be asked.
 *
 * @param {import("../detection/engine.js").Detector} detector
 * @param {import("../detection/custom/custom.js").CustomDetection | null} custom
 * @param {Rules} rules
 * @param {string} text
 * @param {string} host
 * @param {string} channel
 * @returns {Local}
 */
export function judgeLocally(detector, custom, rules, text, host, channel) {
  return decideOn(foundLocally(detector, custom, rules, text), detector.version, rules, host, channel);
}

/**
 * Return what is found here, and whether the client's own rules had the time they need.
 *
 * @param {import("../detection/engine.js").Detector} detector
 * @param {import("../detection/custom/custom.js").CustomDetection | null} custom
 * @param {Rules} rules
 * @param {string} text
 * @param {boolean} [isMarked] Whether the model is asked.
 * @returns {Found}
 */
export function foundLocally(detector, custom, rules, text, isMarked = text.length <= LONGEST_MARKED) {
  const found = detector.detect(text, isMarked);
  const budget = rules.policy.document.server_verdict === "never" ? Infinity : BUDGET_MS;
  return custom?.addedTo(text, found, budget) ?? { findings: found, isFinished: true };
}

/**
 * @param {Found} found
 * @param {string} rulebookVersion
 * @param {Rules} rules
 * @param {string} host
 * @param {string} channel
 * @returns {Local}
 */
export function decideOn({ findings, isFinished }, rulebookVersion, rules, host, channel) {
  const service = serviceOf(rules.services, host);
  const context = { service_status: statusAt(service, now()), channel, rulebook_version: rulebookVersion, service: service?.id ?? host, moment: now(), exemptions: rules.exemptions };
  const verdict = decide(findings, rules.policy.document, rules.policy.version, context);
  const { document } = rules.policy;
  const kinds = [...new Set(verdict.findings.map(({ type }) => type.toLowerCase().replaceAll("_", " ")))].join(", ");
  const values = { organisation: rules.clientName, service: service?.name ?? host, kinds, contact: document.contact ?? "" };
  const word = (/** @type {string} */ message) => filled(message, values);
  const message = word(translated(document, verdict.action, navigator.languages) ?? verdict.message);
  return { ...verdict, message, word, isFinished, noted: verdict.findings.filter((finding) => !isOrdinary(rules.policy.document, finding)) };
}

/**
 * @param {Rules} rules
 * @param {Local} local
 */
export function mustAskServer(rules, local) {
  const wish = rules.policy.document.server_verdict ?? "on_finding";
  return wish === "always" || !local.isFinished || (wish !== "never" && rules.custom?.asks_server === true) || (wish === "on_finding" && local.noted.length > 0);
}

/**
 * @param {Local} local
 * @param {string} [id] The one the server was asked under.
 * @returns {Judgement}
 */
export function ofLocal(local, id = uuid7()) {
  return {
    submissionId: id,
    action: local.action,
    findings: local.findings,
    noted: local.noted,
    remedies: local.remedies,
    message: local.message,
    toRedact: local.to_redact,
    policyVersion: local.policy_version,
    rulebookVersion: local.rulebook_version,
    isRecorded: false,
    isExempted: local.action === "flag" && local.exemptions.length > 0,
    isUnchecked: false,
  };
}

/**
 * The server is authoritative. Where it has not heard of our policy yet, the stricter answer holds.
 *
 * @param {import("../messages.js").ServerVerdict} verdict
 * @param {Local} local
 * @returns {Judgement}
 */
export function ofServer(verdict, local) {
  if (verdict.policy_version < local.policy_version && rank(local.action) > rank(verdict.action)) return ofLocal(local);
  const severities = new Map(local.findings.map((finding) => [finding.rule, finding.severity]));
  const ours = new Map(local.findings.map((finding) => [`${finding.rule} ${finding.start}`, finding]));
  const findings = verdict.findings.map((finding) => {
    const known = ours.get(`${finding.rule} ${finding.start}`);
    return { ...finding, severity: severities.get(finding.rule) ?? "high", ...(known && { family: known.family, context: known.context, validator: known.validator }) };
  });
  return {
    submissionId: verdict.submission_id,
    action: verdict.action,
    findings,
    noted: findings.filter((finding) => !ours.has(`${finding.rule} ${finding.start}`) || local.noted.some(({ rule, start }) => rule === finding.rule && start === finding.start)),
    remedies: verdict.remedies,
    message: verdict.policy_version === local.policy_version && verdict.action === local.action ? local.message : (local.word?.(verdict.message) ?? verdict.message),
    toRedact: verdict.to_redact,
    policyVersion: verdict.policy_version,
    rulebookVersion: verdict.rulebook_version,
    isRecorded: true,
    isExempted: false,
    isUnchecked: false,
  };
}

/**
 * What holds when the server was to be asked and did not answer.
 *
 * @param {Rules} rules
 * @param {Local} local
 * @param {string} id
 * @returns {Judgement}
 */
export function withoutServer(rules, local, id) {
  const judged = ofLocal(local, id);
  const wish = failsAs(rules.policy.document, local.findings);
  if (wish === "block" && judged.action !== "block") return { ...judged, action: "block", remedies: ["request_exception"], isUnchecked: true };
  if (wish === "warn" && !stops(judged.action)) return { ...judged, action: "warn", remedies: ["justify"], isUnchecked: true };
  if (wish === "allow_and_queue" && judged.action !== "block") return { ...judged, action: "flag" };
  return judged;
}

/** @type {Record<Action, string>} */
const FIRST_DISPOSITION = { allow: "sent", flag: "sent_unflagged", warn: "abandoned", block: "prevented" };
const SEVERITIES = ["low", "medium", "high", "critical"];
/** The audit log takes so many findings with one entry. */
const MOST_RECORDED = 500;

/**
 * Return the audit event of a judgement, or of how it ended. There is no text in it. The event of a
 * verdict has the submission's own id, so that it is recorded once, whoever tells of it.
 *
 * @param {Judgement} judged
 * @param {{host: string, channel: string, text: string, disposition?: string | undefined, reason?: import("./reasons.js").Reason | undefined}} how
 * @returns {AuditEvent}
 */
export function eventOf(judged, { host, channel, text, disposition, reason }) {
  return {
    event_id: disposition ? uuid7() : judged.submissionId,
    submission_id: judged.submissionId,
    entry_kind: disposition ? "disposition" : "verdict",
    service: host,
    channel,
    size: toCodePoints(text)(text.length),
    action: judged.action,
    disposition: disposition ?? (judged.isExempted ? "justified_sent" : FIRST_DISPOSITION[judged.action]),
    findings: worst(judged.noted).map(({ rule, type, category, severity, start, end, confidence }) => ({ rule, type, category, severity, start, end, confidence })),
    policy_version: judged.policyVersion,
    rulebook_version: judged.rulebookVersion,
    occurred_at: new Date().toISOString(),
    late: false,
    ...(reason ? { reason } : {}),
  };
}

/** @param {EventFinding[]} findings */
function worst(findings) {
  if (findings.length <= MOST_RECORDED) return findings;
  const ranked = findings.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  return ranked.slice(0, MOST_RECORDED).toSorted((a, b) => a.start - b.start);
}
