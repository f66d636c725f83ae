/**
 * Which AI services this browser reaches, as far as it may see: hosts of the signed list, and counts.
 *
 * The address of a tab is told to us only where we may read the page, which an administrator or the
 * person has allowed. No address is kept, and what is told is a host of the list and a number.
 */

import { read, write } from "../browser.js";
import { serviceOf } from "../policy/services.js";
import { call, connection } from "./connection.js";
import { isStoodOn } from "./reach.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {Record<string, number>} Counts */

const MOST_HOSTS = 200;
const MOST_COUNT = 1_000_000;

/** Each client has counts of its own: another's server must never be told of them. */
const ownName = async () => `sightings ${(await connection())?.client.id ?? ""}`;

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * One change of what is stored after the other.
 *
 * @param {string} name
 * @param {(counts: Counts) => Counts} change
 */
function changed(name, change) {
  last = last.then(async () => write({ [name]: change((await read(name)) ?? {}) })).catch(() => undefined);
  return last;
}

/**
 * Return the listed host an address belongs to; nothing where our own script stands on the page and
 * tells of each prompt anyhow.
 *
 * @param {Rules} rules
 * @param {string} url
 */
export function sighted(rules, url) {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: "", hostname: "" };
  if (protocol !== "https:") return undefined;
  const service = serviceOf(rules.services, hostname);
  if (!service || rules.adapters.some((adapter) => adapter.service === service.id && isStoodOn(adapter))) return undefined;
  return service.hosts.find((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/**
 * Count a tab's new address.
 *
 * @param {Rules | null} rules
 * @param {string} url
 */
export async function see(rules, url) {
  const host = rules && sighted(rules, url);
  if (!host) return;
  await changed(await ownName(), (counts) => (host in counts || Object.keys(counts).length < MOST_HOSTS ? { ...counts, [host]: Math.min((counts[host] ?? 0) + 1, MOST_COUNT) } : counts));
}

/** Tell the server what was counted; what it has taken is forgotten here. */
export async function report() {
  const name = await ownName();
  /** @type {Counts} */
  const counts = (await read(name)) ?? {};
  const hosts = Object.entries(counts).map(([host, count]) => ({ host, count }));
  if (!hosts.length) return;
  await call("/service-sightings", { method: "POST", body: { hosts } });
  await changed(name, (now) => Object.fromEntries(Object.entries(now).flatMap(([host, count]) => (count > (counts[host] ?? 0) ? [[host, count - (counts[host] ?? 0)]] : []))));
}
