/**
 * The server's clock, as far as we know it. This machine's own may be hours off, and may be set while we run:
 * what has passed since the last answer is told by a clock that nobody can set.
 */

import { memorise, recall } from "../browser.js";

/** A Date header says whole seconds and arrives late: below this, our own clock is as good. */
const EXACT_MS = 5000;

/** At the last answer: this machine's time, and the time since the worker was started. @type {{at: number, since: number} | null} */
let last = null;

/**
 * Learn from an answer how far our clock is from the server's.
 *
 * @param {Response} response
 */
export async function noteTime(response) {
  const said = Date.parse(response.headers.get("Date") ?? "");
  if (Number.isNaN(said)) return;
  last = { at: Date.now(), since: performance.now() };
  const apart = said - last.at;
  const clockOffset = Math.abs(apart) < EXACT_MS ? 0 : apart;
  if (clockOffset !== ((await recall("clockOffset")) ?? 0)) await memorise({ clockOffset });
}

/**
 * Return what is to be added to this machine's time, in milliseconds. A clock that was set back since the last
 * answer is seen at once. One that was set forward looks like a machine that has slept; the next answer tells.
 */
export async function offset() {
  const known = (await recall("clockOffset")) ?? 0;
  const jump = last ? Date.now() - last.at - (performance.now() - last.since) : 0;
  return jump < -EXACT_MS ? known - jump : known;
}

/** The server's time now, in milliseconds since 1970. */
export const serverTime = async () => Date.now() + (await offset());
