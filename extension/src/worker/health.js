/** How the adapters fare in this browser's pages. Told to the server with what else it is told: no page, no words. */

import * as browser from "../browser.js";

/** @typedef {import("../messages.js").AdapterHealth} AdapterHealth */

const KEY = "adapterHealth";

/** @returns {Promise<AdapterHealth[]>} By the adapter's id; of each the page that was asked last. */
export const health = async () => Object.values((await browser.recall(KEY)) ?? {});

/**
 * Take in what a page says of its adapter. Return whether that is news.
 *
 * @param {AdapterHealth} told
 */
export async function noteHealth({ id, v, problems }) {
  const known = (await browser.recall(KEY)) ?? {};
  const now = { id, v, problems };
  if (JSON.stringify(known[id]) === JSON.stringify(now)) return false;
  await browser.memorise({ [KEY]: { ...known, [id]: now } });
  return true;
}
