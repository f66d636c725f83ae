/** Findings, policy and context in; one verdict out, the same for the same input, in any order. */

/** @typedef {import("../detection/finding.js").Finding} Finding */
/** @typedef {"allow" | "flag" | "warn" | "block"} Action */
/** @typedef {Record<string, {action: Action}>} Settings */
/**
 * @typedef {object} Policy The document of a policy; `version` comes beside it.
 * @property {string} name
 * @property {Action} [default_action]
 * @property {number} [minimum_confidence]
 * @property {Settings} [categories]
 * @property {Settings} [families]
 * @property {Settings} [entities]
 * @property {Settings} [rules]
 * @property {{families: string[], with_families: string[], action: Action}[]} [combinations]
 * @property {{unapproved?: Action, prohibited?: Action}} [services]
 * @property {Partial<Record<Action, string[]>>} [remedies]
 * @property {Partial<Record<Action, string>>} [messages]
 * @property {"never" | "on_finding" | "always"} [server_verdict]
 * @property {"enforce_cached" | "warn" | "block" | "allow_and_queue"} [on_unavailable]
 */
/** @typedef {{service_status?: string, channel?: string, rulebook_version?: string}} Context */
/** @typedef {{field: string, action: Action, findings: number[]}} Reason */
/**
 * @typedef {object} Verdict
 * @property {Action} action
 * @property {Finding[]} findings
 * @property {number} policy_version
 * @property {string} rulebook_version
 * @property {string[]} remedies
 * @property {string} message
 * @property {Reason[]} provenance Strictest first.
 * @property {number[]} to_redact Positions in `findings` that "redact and send" replaces.
 */

/** @type {Action[]} */
export const ACTIONS = ["allow", "flag", "warn", "block"];
const LAST_RESORT = { warn: "justify", block: "request_exception" };
const NEED_FINDINGS = ["redact", "report_false_positive"];
/** @type {Record<string, string[]>} */
const REMEDIES = {
  warn: ["redact", "justify", "report_false_positive"],
  block: ["redact", "request_exception", "report_false_positive"],
};
/** @type {Record<string, string>} */
const MESSAGES = {
  warn: "Your organisation asks you to look at this again before it is sent.",
  block: "Your organisation does not allow this to be sent to an AI service.",
};

/** @param {Action} action */
export const rank = (action) => ACTIONS.indexOf(action);
/** @param {Action} action */
export const stops = (action) => action === "warn" || action === "block";

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
  const serious = findings
    .filter((finding) => finding.confidence >= (policy.minimum_confidence ?? 0.5))
    .toSorted((a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));
  const service = serviceReasons(policy, context);
  const aboutText = [...settingReasons(serious, policy), ...combinationReasons(serious, policy)];
  const reasons = [...aboutText, ...service].toSorted((a, b) => rank(b.action) - rank(a.action) || (a.field < b.field ? -1 : a.field > b.field ? 1 : 0));
  const action = reasons[0]?.action ?? "allow";
  return {
    action,
    findings: serious,
    policy_version: version,
    rulebook_version: context.rulebook_version ?? "",
    remedies: remedies(action, policy, context, serious.length > 0),
    message: stops(action) ? (policy.messages?.[action] ?? MESSAGES[action] ?? "") : "",
    provenance: reasons,
    to_redact: toRedact(aboutText),
  };
}

/**
 * Return the most specific field about a finding, and its action.
 *
 * @param {Policy} policy
 * @param {Finding} finding
 * @returns {[string, Action]}
 */
function settingFor(policy, finding) {
  /** @type {[string, Settings | undefined, string][]} */
  const steps = [
    ["rules", policy.rules, finding.rule],
    ["entities", policy.entities, finding.type],
    ["families", policy.families, finding.family],
    ["categories", policy.categories, finding.category],
  ];
  for (const [name, settings, key] of steps) {
    const setting = settings && Object.hasOwn(settings, key) ? settings[key] : undefined;
    if (setting) return [`${name}.${key}`, setting.action];
  }
  return ["default_action", policy.default_action ?? "allow"];
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
  const present = new Set(findings.map((finding) => finding.family));
  return (policy.combinations ?? []).flatMap((combination, number) => {
    const isPresent = combination.families.some((name) => present.has(name)) && combination.with_families.some((name) => present.has(name));
    if (!isPresent) return [];
    const named = findings.flatMap((finding, position) => (combination.families.includes(finding.family) ? [position] : []));
    return [{ field: `combinations.${number}`, action: combination.action, findings: named }];
  });
}

/**
 * @param {Policy} policy
 * @param {Context} context
 * @returns {[string, Action]}
 */
function serviceSetting(policy, context) {
  const status = context.service_status ?? "unknown";
  if (status === "prohibited") return ["services.prohibited", policy.services?.prohibited ?? "block"];
  if (status === "under_review" || status === "unknown") return ["services.unapproved", policy.services?.unapproved ?? "flag"];
  return ["services", "allow"];
}

/**
 * @param {Policy} policy
 * @param {Context} context
 * @returns {Reason[]}
 */
function serviceReasons(policy, context) {
  const [field, action] = serviceSetting(policy, context);
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
 * @returns {string[]}
 */
function remedies(action, policy, context, hasFindings) {
  if (action !== "warn" && action !== "block") return [];
  const useless = new Set(hasFindings ? [] : NEED_FINDINGS);
  if (stops(serviceSetting(policy, context)[1])) useless.add("redact");
  if (context.service_status === "approved") useless.add("redirect");
  const offered = (policy.remedies?.[action] ?? REMEDIES[action] ?? []).filter((remedy) => !useless.has(remedy));
  return offered.length ? offered : [LAST_RESORT[action]];
}
