/** One submission judged: here first, by the server where the policy asks for it. */

import { decide, stops } from "../policy/decide.js";
import { uuid7 } from "../messages.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("../messages.js").AuditEvent} AuditEvent */
/** @typedef {import("../messages.js").EventFinding} EventFinding */
/** @typedef {import("../policy/decide.js").Action} Action */
/** @typedef {import("../policy/decide.js").Verdict} LocalVerdict */

/**
 * @typedef {object} Judgement
 * @property {string} submissionId
 * @property {Action} action
 * @property {EventFinding[]} findings
 * @property {string[]} remedies
 * @property {string} message
 * @property {number[]} toRedact
 * @property {number} policyVersion
 * @property {string} rulebookVersion
 * @property {boolean} isRecorded Whether the server has it in its audit log already.
 */

/**
 * @param {import("../detection/engine.js").Detector} detector
 * @param {Rules} rules
 * @param {string} text
 * @param {string} host
 * @param {string} channel
 */
export function judgeLocally(detector, rules, text, host, channel) {
  const status = rules.services.find((service) => service.hosts.some((name) => host === name || host.endsWith(`.${name}`)))?.status ?? "unknown";
  const context = { service_status: status, channel, rulebook_version: detector.version };
  return decide(detector.detect(text), rules.policy.document, rules.policy.version, context);
}

/**
 * @param {Rules} rules
 * @param {LocalVerdict} local
 */
export function mustAskServer(rules, local) {
  const wish = rules.policy.document.server_verdict ?? "on_finding";
  return wish === "always" || (wish === "on_finding" && local.findings.length > 0);
}

/**
 * @param {LocalVerdict} local
 * @returns {Judgement}
 */
export function ofLocal(local) {
  return {
    submissionId: uuid7(),
    action: local.action,
    findings: local.findings,
    remedies: local.remedies,
    message: local.message,
    toRedact: local.to_redact,
    policyVersion: local.policy_version,
    rulebookVersion: local.rulebook_version,
    isRecorded: false,
  };
}

/**
 * The server is authoritative; a policy newer here than there cannot make it milder.
 *
 * @param {import("../messages.js").ServerVerdict} verdict
 * @param {LocalVerdict} local
 * @returns {Judgement}
 */
export function ofServer(verdict, local) {
  const severities = new Map(local.findings.map((finding) => [finding.rule, finding.severity]));
  return {
    submissionId: verdict.submission_id,
    action: verdict.action,
    findings: verdict.findings.map((finding) => ({ ...finding, severity: severities.get(finding.rule) ?? "high" })),
    remedies: verdict.remedies,
    message: verdict.message,
    toRedact: verdict.to_redact,
    policyVersion: verdict.policy_version,
    rulebookVersion: verdict.rulebook_version,
    isRecorded: true,
  };
}

/**
 * What holds when the server was to be asked and did not answer.
 *
 * @param {Rules} rules
 * @param {LocalVerdict} local
 * @returns {Judgement}
 */
export function withoutServer(rules, local) {
  const judged = ofLocal(local);
  const wish = rules.policy.document.on_unavailable ?? "enforce_cached";
  if (wish === "block" && judged.action !== "block") return { ...judged, action: "block", remedies: ["request_exception"], message: rules.policy.document.messages?.block ?? "" };
  if (wish === "warn" && !stops(judged.action)) return { ...judged, action: "warn", remedies: ["justify"], message: rules.policy.document.messages?.warn ?? "" };
  if (wish === "allow_and_queue") return { ...judged, action: judged.action === "block" ? "block" : "flag" };
  return judged;
}

/** @type {Record<Action, string>} */
const FIRST_DISPOSITION = { allow: "sent", flag: "sent_unflagged", warn: "abandoned", block: "prevented" };

/**
 * Return the audit event of a judgement, or of how it ended. There is no text in it.
 *
 * @param {Judgement} judged
 * @param {{host: string, channel: string, size: number, disposition?: string}} how
 * @returns {AuditEvent}
 */
export function eventOf(judged, { host, channel, size, disposition }) {
  return {
    event_id: uuid7(),
    submission_id: judged.submissionId,
    entry_kind: disposition ? "disposition" : "verdict",
    service: host,
    channel,
    size,
    action: judged.action,
    disposition: disposition ?? FIRST_DISPOSITION[judged.action],
    findings: judged.findings.map(({ rule, type, category, severity, start, end, confidence }) => ({ rule, type, category, severity, start, end, confidence })),
    policy_version: judged.policyVersion,
    rulebook_version: judged.rulebookVersion,
    occurred_at: new Date().toISOString(),
    late: false,
  };
}
