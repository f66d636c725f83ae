/** How far this copy reaches: the sites its scripts stand on, and those that came with the rules alone. */

import { mayRead, sites } from "../browser.js";
import { isOn, siteOf } from "../leaving/addresses.js";

/** @typedef {import("../messages.js").Adapter} Adapter */

/**
 * Whether our scripts stand on every page of an adapter. Which pages they stand on is settled as a copy is made.
 *
 * @param {Adapter} adapter
 */
export const isStoodOn = ({ match }) => match.every((pattern) => sites().some((site) => isOn(site, pageOf(pattern))));

/** @param {string} pattern */
const pageOf = (pattern) => new URL(URL.canParse(pattern) ? pattern.replace("*.", "any.") : "https://unknown.invalid");

/**
 * Return the adapters whose pages we do not stand on, the hosts they are about, and whether requests there are
 * seen: that is so where a person or an administrator has let us read them.
 *
 * @param {Adapter[]} adapters
 */
export async function beyond(adapters) {
  const found = adapters.filter((adapter) => !isStoodOn(adapter));
  const hosts = found.flatMap(({ match, requests }) => [...match.map(siteOf), ...requests.flatMap(({ host }) => (host ? [`https://${host}/*`] : []))]);
  const origins = [...new Set(hosts)];
  return { found, origins, isWatched: found.length > 0 && (await mayRead(origins)) };
}
