/** The words a stopped user reads, in the user's language and filled in; the twin of backend/policy/messages.py. */

/** @typedef {import("./actions.js").Action} Action */
/** @typedef {import("./policy.js").Policy} Policy */

const LONGEST_FILLED = 200;

/**
 * Return the organisation's message in the first of the user's languages that there is, `pt` for `pt-BR`.
 *
 * @param {Policy} policy
 * @param {Action} action
 * @param {readonly string[]} languages
 * @returns {string | undefined} undefined where no translation fits.
 */
export function translated(policy, action, languages) {
  for (const language of languages) {
    for (const name of [language, language.split("-", 1)[0] ?? language]) {
      const words = policy.translations && Object.hasOwn(policy.translations, name) ? policy.translations[name] : undefined;
      if (words) return words[action];
      if (name === "en") return undefined;
    }
  }
  return undefined;
}

/**
 * Return a message with its variables replaced; what is not known is left out.
 *
 * @param {string} message
 * @param {Record<string, string>} values
 */
export function filled(message, values) {
  return message.replace(/\{([^{}]*)\}/gu, (_, name) => Array.from(Object.hasOwn(values, name) ? (values[name] ?? "") : "").slice(0, LONGEST_FILLED).join(""));
}
