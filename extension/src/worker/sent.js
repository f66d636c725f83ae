/** What left this browser for its server, word for word: in memory, until the browser is closed. */

import { memorise, recall } from "../browser.js";

/** @typedef {import("../messages.js").Sent} Sent */

const MOST = 20;

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * Return what a request has told, one for each event. Of a prompt that was judged its length stays.
 *
 * @param {string} path
 * @param {any} body
 * @param {string} at
 * @returns {Sent[]}
 */
export function toldBy(path, body, at) {
  const told = path === "/audit/events" ? body.events : [body];
  return told.map((/** @type {any} */ one) => ({ at, path, said: path === "/analyze/prompt" ? { ...one, text: `… ${one.text.length} …` } : one }));
}

/**
 * Remember a request that has reached the server.
 *
 * @param {string} path
 * @param {unknown} body
 */
export function noteSent(path, body) {
  last = last
    .then(async () => memorise({ sent: [...toldBy(path, body, new Date().toISOString()).toReversed(), ...(await sent())].slice(0, MOST) }))
    .catch(() => undefined); // nothing depends on it
  return last;
}

/** @returns {Promise<Sent[]>} The newest first. */
export const sent = async () => (await recall("sent")) ?? [];
