/** Keeps prompts from leaving where nobody can judge them yet: without rules, and in pages opened before we came. */

import { bundled } from "../../bundled/adapters.js";
import * as browser from "../browser.js";
import { siteOf } from "../leaving/addresses.js";
import { isGuarded } from "./tabs.js";
import { turns } from "./turns.js";

/** @typedef {import("../messages.js").Adapter} Adapter */

const UNGUARDED = "unguarded";
const PAGES = bundled.flatMap(({ match }) => match);
const EVERYWHERE = 1;
const IN_OLD_TABS = 10_000;

/** Changes of the list of old tabs, and of the gate. */
const inTurn = turns();
/** What it is set to; nothing is known of what an earlier worker has set. */
let now = "";

/**
 * Close the gate for every page, or for old pages alone, or open it.
 *
 * @param {boolean} isSomebodys
 * @param {import("../messages.js").Rules | null} rules
 */
export function setGate(isSomebodys, rules) {
  return inTurn(async () => {
    const tabs = isSomebodys ? await unguarded() : [];
    const isClosed = isSomebodys && !rules;
    const wanted = JSON.stringify([isClosed, tabs, tabs.length && rules?.adapters]);
    if (wanted === now) return;
    const closed = (/** @type {Adapter[]} */ adapters) => [...(isClosed ? blocks(EVERYWHERE, bundled) : []), ...(tabs.length ? blocks(IN_OLD_TABS, adapters, tabs) : [])];
    // Of a newer adapter there may be an address that the browser takes for none; then none of that call's holds.
    await browser.setSessionRules(closed([...bundled, ...(rules?.adapters ?? [])])).catch(() => browser.setSessionRules(closed(bundled)));
    now = wanted;
  }).catch(() => undefined);
}

/**
 * Where nothing is remembered of this session we have just come, or come anew: installed, updated or switched
 * on again. Pages that are open now have no guard, or one that is cut off.
 */
export const noteOldTabs = () =>
  inTurn(async () => {
    if (await browser.recall(UNGUARDED)) return;
    const tabs = await browser.tabsOn(PAGES.map(siteOf));
    await browser.memorise({ [UNGUARDED]: tabs.filter((tab) => !isGuarded(tab)) });
  });

/**
 * A guard has come to this tab.
 *
 * @param {number | undefined} tab
 */
export const noteGuarded = (tab) =>
  inTurn(async () => {
    const tabs = await unguarded();
    if (tab !== undefined && tabs.includes(tab)) await browser.memorise({ [UNGUARDED]: tabs.filter((one) => one !== tab) });
  });

/** @returns {Promise<number[]>} */
const unguarded = async () => (await browser.recall(UNGUARDED)) ?? [];

/** How many tabs have to be loaded anew before a prompt can leave: those that show a chat. */
export async function toReload() {
  const tabs = await unguarded();
  return tabs.length && (await browser.tabsOn(PAGES)).filter((tab) => tabs.includes(tab)).length;
}

/**
 * Return one rule for each address that prompts are sent to.
 *
 * @param {number} first
 * @param {Adapter[]} adapters
 * @param {number[]} [tabIds]
 * @returns {browser.SessionRule[]}
 */
function blocks(first, adapters, tabIds) {
  const filters = adapters.flatMap(({ match, requests }) =>
    requests.flatMap((request) => {
      const hosts = request.host ? [request.host] : match.map((pattern) => (pattern.split("/")[2] ?? "").replace(/^\*\./, ""));
      return hosts.map((host) => ({ urlFilter: `||${host}${request.path.replaceAll("**", "*")}^`, requestMethods: [request.method.toLowerCase()] }));
    }),
  );
  const each = new Map(filters.map((filter) => [JSON.stringify(filter), filter]));
  return [...each.values()].map((filter, index) => browser.blockRule(first + index, { ...filter, ...(tabIds ? { tabIds } : {}) }));
}
