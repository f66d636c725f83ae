/** What a client wants done about findings: reads a policy document, with the server's defaults. */

/** @typedef {import("../detection/finding.js").Finding} Finding */
/** @typedef {import("./actions.js").Action} Action */
/** @typedef {"enforce_cached" | "warn" | "block" | "allow_and_queue"} OnUnavailable */
/** @typedef {{action: Action, mode?: "enforce" | "shadow", on_unavailable?: OnUnavailable}} Setting */
/** @typedef {Record<string, Setting>} Settings */
/** @typedef {{effect: "block" | "observe", until: string, reason: string, by?: string}} Switch */
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
 * @property {{unreadable?: Action}} [files]
 * @property {Partial<Record<Action, string[]>>} [remedies]
 * @property {Partial<Record<Action, string>>} [messages]
 * @property {"never" | "on_finding" | "always"} [server_verdict]
 * @property {OnUnavailable} [on_unavailable]
 * @property {Record<string, Partial<Record<Action, string>>>} [translations]
 * @property {string} [contact]
 * @property {string} [acceptable_use_page]
 * @property {Record<string, Switch>} [switches]
 * @property {number} [exception_minutes]
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
/** The type of the finding that stands for a file, or a part of one, that nobody could read. */
export const UNREADABLE_FILE = "UNREADABLE_FILE";

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
 * Return the settings about a finding that are there, the most specific first.
 *
 * @param {Policy} policy
 * @param {Finding} finding
 * @returns {[string, Setting][]}
 */
function settingsAbout(policy, finding) {
  // No rule found it, so no setting of rules can soften it.
  if (finding.type === UNREADABLE_FILE) return [["files.unreadable", { action: policy.files?.unreadable ?? "warn" }]];
  /** @type {[string, Settings | undefined, string][]} */
  const steps = [
    ["rules", policy.rules, finding.rule],
    ["entities", policy.entities, finding.type],
    ["families", policy.families, finding.family],
    ["categories", policy.categories, finding.category],
  ];
  return steps.flatMap(([name, settings, key]) => {
    const setting = settings && Object.hasOwn(settings, key) ? settings[key] : undefined;
    return setting ? [/** @type {[string, Setting]} */ ([`${name}.${key}`, setting])] : [];
  });
}

/**
 * Return the most specific field about a finding, and its action. A setting in shadow stands, and allows.
 *
 * @param {Policy} policy
 * @param {Finding} finding
 * @returns {[string, Action]}
 */
export function settingFor(policy, finding) {
  const first = settingsAbout(policy, finding)[0];
  if (!first) return ["default_action", policy.default_action ?? "allow"];
  return [first[0], first[1].mode === "shadow" ? "allow" : first[1].action];
}

/**
 * Return whether a finding is worth no record: dates and links are in every second prompt.
 *
 * @param {Policy} policy
 * @param {Finding} finding
 */
export const isOrdinary = (policy, finding) => finding.severity === "low" && settingFor(policy, finding)[1] === "allow";

/**
 * Return what a setting in shadow would have called for; undefined where the setting acts.
 *
 * @param {Policy} policy
 * @param {Finding} finding
 * @returns {[string, Action] | undefined}
 */
export function shadowFor(policy, finding) {
  const first = settingsAbout(policy, finding)[0];
  return first?.[1].mode === "shadow" ? [first[0], first[1].action] : undefined;
}

const FAILS = ["allow_and_queue", "enforce_cached", "warn", "block"];

/**
 * Return what holds while the server is away: the strictest that a finding's settings ask for.
 *
 * @param {Policy} policy
 * @param {Finding[]} findings
 * @returns {OnUnavailable}
 */
export function failsAs(policy, findings) {
  const usual = policy.on_unavailable ?? "enforce_cached";
  const wishes = findings.map((finding) => settingsAbout(policy, finding).find(([, setting]) => setting.on_unavailable)?.[1].on_unavailable ?? usual);
  return wishes.length ? wishes.reduce((a, b) => (FAILS.indexOf(b) > FAILS.indexOf(a) ? b : a)) : usual;
}

/**
 * Return the emergency stops that hold for an AI service now, as [name, effect].
 *
 * @param {Policy} policy
 * @param {string} service
 * @param {number | undefined} moment Milliseconds since 1970; without one no stop holds.
 * @returns {[string, string][]}
 */
export function switchesFor(policy, service, moment) {
  if (moment === undefined) return [];
  return ["*", service].flatMap((name) => {
    const one = policy.switches && Object.hasOwn(policy.switches, name) ? policy.switches[name] : undefined;
    return one && moment < Date.parse(one.until) ? [/** @type {[string, string]} */ ([name, one.effect])] : [];
  });
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
