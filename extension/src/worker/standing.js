/** How this browser stands: its state and what is wrong. Kept for the session, since the worker is not. */

import * as browser from "../browser.js";
import { hearTime } from "../policy/now.js";
import { serverTime } from "./clock.js";
import { connection, ENDS, troubleOf } from "./connection.js";
import { isWished } from "./enrolment.js";

/** @typedef {import("../messages.js").State} State */
/** @typedef {import("../messages.js").Trouble} Trouble */

const BADGES = {
  unconnected: ["", "#5b6673"],
  starting: ["…", "#5b6673"],
  protected: ["on", "#17602f"],
  degraded: ["!", "#7d4a00"],
  offline: ["off", "#7d4a00"],
  suspended: ["on", "#7d4a00"],
  ended: ["!", "#a3161f"],
};

/** @type {Record<string, State>} While the grace of a suspension lasts all goes on as ever. */
const OF_SUSPENDED = { suspended: "suspended", lapsed: "degraded" };

/** The server answered, and all is well. */
export const noteContact = () => Promise.all([browser.memorise({ trouble: null }), browser.write({ lastContact: new Date().toISOString() })]);

/** @param {unknown} error */
export const noteTrouble = (error) => browser.memorise({ trouble: troubleOf(error) });

/** @returns {Promise<Trouble | null | undefined>} What was wrong last; undefined before the first contact. */
export const trouble = () => browser.recall("trouble");

/**
 * Before the first contact nothing is claimed.
 *
 * @param {import("../messages.js").Rules | null} rules
 * @returns {Promise<State>}
 */
export async function state(rules) {
  const known = await trouble();
  if (!(await connection()) && !(await isWished())) return "unconnected";
  if (known === undefined) return "starting";
  if (!rules) return known ? "degraded" : "starting";
  if (!known) return OF_SUSPENDED[rules.suspension?.status ?? ""] ?? "protected";
  if (ENDS.has(known.code)) return "ended";
  return known.code === "unreachable" ? "offline" : "degraded";
}

/**
 * Return what is wrong: with the contact, or with the organisation.
 *
 * @param {import("../messages.js").Rules | null} rules
 * @returns {Promise<Trouble | null>}
 */
export const shownTrouble = async (rules) => (await trouble()) ?? (rules?.suspension?.status === "lapsed" ? { code: "lapsed", detail: "" } : null);

/** Judge by the server's time from now on, here as in the tabs. */
async function heardTime() {
  const at = await serverTime();
  hearTime(at);
  return at;
}

/**
 * Return the state as tabs are told it, and show it on the badge.
 *
 * @param {import("../messages.js").Rules | null} rules
 * @returns {Promise<import("../messages.js").StateMessage>}
 */
export async function shownState(rules) {
  const now = await state(rules);
  const hasRules = rules !== null;
  const clientName = (await connection())?.client.name ?? "";
  const [shown, colour] = BADGES[now];
  const name = now === "degraded" && !hasRules ? "state_holding" : `state_${now}`;
  await browser.badge(shown ?? "", colour ?? "", browser.text(name, clientName));
  return { t: "state", state: now, hasRules, clientName, isNoticeSeen: Boolean(await browser.read("isNoticeSeen")), canStop: await browser.canBlock(), now: await heardTime() };
}
