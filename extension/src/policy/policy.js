/** What a client wants done about findings: reads a policy document, with the server's defaults. */

/** @typedef {import("../detection/finding.js").Finding} Finding */
/** @typedef {import("./actions.js").Action} Action */
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

/** @type {Partial<Record<Action, string[]>>} */
const REMEDIES = {
  warn: ["redact", "justify", "report_false_positive"],
  block: ["redact", "request_exception", "report_false_positive"],
};
/** @type {Partial<Record<Action, string>>} */
const MESSAGES = {
  warn: "Your organisation asks you to look at this again before it is sent.",
  block: "Your organisation does not allow this to be sent to an AI service.",
};
const LEAST_CONFIDENCE = 0.5;

/** @param {Policy} policy */
export const minimumConfidence = (policy) => policy.minimum_confidence ?? LEAST_CONFIDENCE;

/**
 * @param {Policy} policy
 * @param {Action} action
 */
export const remediesFor = (policy, action) => policy.remedies?.[action] ?? REMEDIES[action] ?? [];

/**
 * @param {Policy} policy
 * @param {Action} action
 */
export const messageFor = (policy, action) => policy.messages?.[action] ?? MESSAGES[action] ?? "";

/**
 * Return the most specific field about a finding, and its action.
 *
 * @param {Policy} policy
 * @param {Finding} finding
 * @returns {[string, Action]}
 */
export function settingFor(policy, finding) {
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
 * Return the deciding field about an AI service, and its action.
 *
 * @param {Policy} policy
 * @param {string} status
 * @returns {[string, Action]}
 */
export function serviceSetting(policy, status) {
  if (status === "prohibited") return ["services.prohibited", policy.services?.prohibited ?? "block"];
  if (status === "under_review" || status === "unknown") return ["services.unapproved", policy.services?.unapproved ?? "flag"];
  return ["services", "allow"];
}
