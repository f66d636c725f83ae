/** Findings, policy and context in; one verdict out, the same for the same input, in any order. */

import { stops } from "./actions.js";
import { messageFor, minimumConfidence, remediesFor, serviceSetting, settingFor, shadowFor, switchesFor } from "./policy.js";
import { compare, strictestFirst } from "./verdict.js";

export { stops };

/** @typedef {import("../detection/finding.js").Finding} Finding */
/** @typedef {import("./actions.js").Action} Action */
/** @typedef {import("./policy.js").Policy} Policy */
/** @typedef {import("./verdict.js").Context} Context */
/** @typedef {import("./verdict.js").Reason} Reason */
/** @typedef {import("./verdict.js").Verdict} Verdict */

const LAST_RESORT = { warn: "justify", block: "request_exception" };
const NEED_FINDINGS = ["redact", "report_false_positive"];

/**
 * Return the strictest action that a finding, a combination or the AI service calls for.
 *
 * @param {Finding[]} findings
 * @param {Policy} policy
 * @param {number} version
 * @param {Context} context
 * @returns {Verdict}
 */
export function decide(findings, policy, version, context) {
  const serious = seriousOf(findings, policy);
  const service = serviceSetting(policy, context.service_status ?? "unknown");
  const aboutText = [...settingReasons(serious, policy), ...combinationReasons(serious, policy)];
  const switched = switchesFor(policy, context.service ?? "", context.moment);
  /** @type {Reason[]} */
  const stopped = switched.filter(([, effect]) => effect === "block").map(([name]) => ({ field: `switches.${name}`, action: "block", findings: [] }));
  const reasons = [...aboutText, ...serviceReasons(service), ...stopped].toSorted(strictestFirst);
  const called = reasons[0]?.action ?? "allow";
  const onlyObserves = switched.length > 0 && stopped.length === 0;
  const action = onlyObserves && stops(called) ? "flag" : called;
  return {
    action,
    findings: serious,
    policy_version: version,
    rulebook_version: context.rulebook_version ?? "",
    remedies: remedies(action, policy, context, serious.length > 0, stopped.length > 0),
    message: stops(action) ? messageFor(policy, action) : "",
    provenance: reasons,
    shadow: shadowReasons(serious, policy),
    to_redact: toRedact(aboutText),
  };
}

/**
 * @param {Finding[]} findings
 * @param {Policy} policy
 */
function seriousOf(findings, policy) {
  return findings
    .filter((finding) => finding.confidence >= minimumConfidence(policy))
    .toSorted((a, b) => a.start - b.start || a.end - b.end || compare(a.rule, b.rule));
}

/**
 * @param {Finding[]} findings
 * @param {Policy} policy
 * @returns {Reason[]}
 */
function settingReasons(findings, policy) {
  /** @type {Map<string, Reason>} */
  const reasons = new Map();
  findings.forEach((finding, position) => {
    const [field, action] = settingFor(policy, finding);
    const reason = reasons.get(field);
    if (reason) reason.findings.push(position);
    else reasons.set(field, { field, action, findings: [position] });
  });
  return [...reasons.values()];
}

/**
 * @param {Finding[]} findings
 * @param {Policy} policy
 * @returns {Reason[]}
 */
function combinationReasons(findings, policy) {
  const isShadowed = findings.map((finding) => shadowFor(policy, finding) !== undefined);
  const present = new Set(findings.filter((_, position) => !isShadowed[position]).map((finding) => finding.family));
  return (policy.combinations ?? []).flatMap((combination, number) => {
    const isPresent = combination.families.some((name) => present.has(name)) && combination.with_families.some((name) => present.has(name));
    if (!isPresent) return [];
    const named = findings.flatMap((finding, position) => (!isShadowed[position] && combination.families.includes(finding.family) ? [position] : []));
    return [{ field: `combinations.${number}`, action: combination.action, findings: named }];
  });
}

/**
 * @param {Finding[]} findings
 * @param {Policy} policy
 * @returns {Reason[]}
 */
function shadowReasons(findings, policy) {
  /** @type {Map<string, Reason>} */
  const reasons = new Map();
  findings.forEach((finding, position) => {
    const [field, action] = shadowFor(policy, finding) ?? [];
    if (!field || !action) return;
    const reason = reasons.get(field);
    if (reason) reason.findings.push(position);
    else reasons.set(field, { field, action, findings: [position] });
  });
  return [...reasons.values()].toSorted(strictestFirst);
}

/**
 * @param {[string, Action]} setting
 * @returns {Reason[]}
 */
function serviceReasons([field, action]) {
  return action === "allow" ? [] : [{ field, action, findings: [] }];
}

/** @param {Reason[]} reasons */
function toRedact(reasons) {
  const called = reasons.filter((reason) => reason.action !== "allow").flatMap((reason) => reason.findings);
  return [...new Set(called)].toSorted((a, b) => a - b);
}

/**
 * Return the policy's remedies that can help here; never nothing when the user is stopped.
 *
 * @param {Action} action
 * @param {Policy} policy
 * @param {Context} context
 * @param {boolean} hasFindings
 * @param {boolean} isStopped Whether an emergency stop blocks.
 * @returns {string[]}
 */
function remedies(action, policy, context, hasFindings, isStopped) {
  if (action !== "warn" && action !== "block") return [];
  const useless = new Set(hasFindings ? [] : NEED_FINDINGS);
  if (isStopped || stops(serviceSetting(policy, context.service_status ?? "unknown")[1])) useless.add("redact");
  if (context.service_status === "approved") useless.add("redirect");
  const offered = remediesFor(policy, action).filter((remedy) => !useless.has(remedy));
  return offered.length ? offered : [LAST_RESORT[action]];
}
