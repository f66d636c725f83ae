/** Findings, policy and context in; one verdict out, the same for the same input, in any order. */

import { stops } from "./actions.js";
import { covers, eased, NO_RELIEF, relief } from "./exemptions.js";
import { isOrdinary, messageFor, minimumConfidence, remediesFor, serviceSetting, settingFor, shadowFor, switchesFor } from "./policy.js";
import { compare, strictestFirst } from "./verdict.js";

export { stops };

/** @typedef {import("../detection/finding.js").Finding} Finding */
/** @typedef {import("./actions.js").Action} Action */
/** @typedef {import("./exemptions.js").Relief} Relief */
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
  const relieved = relief(context.exemptions ?? [], context.service ?? "", context.moment);
  const aboutText = [...settingReasons(serious, policy, relieved), ...combinationReasons(serious, policy, relieved)];
  const switched = switchesFor(policy, context.service ?? "", context.moment);
  /** @type {Reason[]} */
  const stopped = switched.filter(([, effect]) => effect === "block").map(([name]) => ({ field: `switches.${name}`, action: "block", findings: [] }));
  const reasons = [...aboutText, ...serviceReasons(service, relieved), ...stopped].toSorted(strictestFirst);
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
    exemptions: used(relieved, serious, policy, service),
  };
}

/**
 * Return the exemptions in force, where anything would be stopped without them.
 *
 * @param {Relief} relieved
 * @param {Finding[]} findings
 * @param {Policy} policy
 * @param {[string, Action]} service
 */
function used(relieved, findings, policy, service) {
  if (!relieved.names.length) return [];
  const called = [...settingReasons(findings, policy, NO_RELIEF), ...combinationReasons(findings, policy, NO_RELIEF), ...serviceReasons(service, NO_RELIEF)];
  return called.some(({ action }) => stops(action)) ? relieved.names : [];
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
 * @param {Relief} relieved
 * @returns {Reason[]}
 */
function settingReasons(findings, policy, relieved) {
  /** @type {Map<string, Reason>} */
  const reasons = new Map();
  findings.forEach((finding, position) => {
    const [field, wanted] = settingFor(policy, finding);
    const action = relieved.kinds.has(finding.type) ? eased(wanted) : wanted;
    const reason = reasons.get(`${field} ${action}`);
    if (reason) reason.findings.push(position);
    else reasons.set(`${field} ${action}`, { field, action, findings: [position] });
  });
  return [...reasons.values()];
}

/**
 * A combination is let pass only where everything in it that is worth a record is let pass.
 *
 * @param {Finding[]} findings
 * @param {Policy} policy
 * @param {Relief} relieved
 * @returns {Reason[]}
 */
function combinationReasons(findings, policy, relieved) {
  const isShadowed = findings.map((finding) => shadowFor(policy, finding) !== undefined);
  const present = new Set(findings.filter((_, position) => !isShadowed[position]).map((finding) => finding.family));
  return (policy.combinations ?? []).flatMap((combination, number) => {
    const isPresent = combination.families.some((name) => present.has(name)) && combination.with_families.some((name) => present.has(name));
    if (!isPresent) return [];
    const named = findings.flatMap((finding, position) => (!isShadowed[position] && combination.families.includes(finding.family) ? [position] : []));
    const counted = findings.filter((_, position) => !isShadowed[position]);
    const inIt = counted.filter((one) => combination.families.includes(one.family) || (combination.with_families.includes(one.family) && !isOrdinary(policy, one)));
    const action = covers(relieved, inIt) ? eased(combination.action) : combination.action;
    return [{ field: `combinations.${number}`, action, findings: named }];
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
 * @param {Relief} relieved
 * @returns {Reason[]}
 */
function serviceReasons([field, wanted], relieved) {
  const action = relieved.withService ? eased(wanted) : wanted;
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
