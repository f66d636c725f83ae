/** The closed lists a policy chooses from; only actions have an order. */

/** @typedef {"allow" | "flag" | "warn" | "block"} Action */

/** @type {Action[]} From mild to strict. */
export const ACTIONS = ["allow", "flag", "warn", "block"];

/** @param {Action} action */
export const rank = (action) => ACTIONS.indexOf(action);

/**
 * Return whether the user has to do something before the submission may leave.
 *
 * @param {Action} action
 */
export const stops = (action) => action === "warn" || action === "block";
