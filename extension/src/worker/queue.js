/** Events that must reach the server: kept until acknowledged, delivered once in effect. */

import { read, write } from "../browser.js";
import { call, Refused } from "./connection.js";

/** @typedef {import("../messages.js").AuditEvent} AuditEvent */

const MOST = 5000;
const AT_ONCE = 100;
const RECENT = 20;
/** Answers about what an event says, not about who sends it or when. */
const UNACCEPTABLE = new Set([400, 413, 422]);

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * One change of what is stored after the other: two at once would lose one. No network inside.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function inTurn(work) {
  const done = last.then(work, work);
  last = done.catch(() => undefined);
  return done;
}

/** @returns {Promise<AuditEvent[]>} */
export const waiting = async () => (await read("queue")) ?? [];

/** @param {AuditEvent} event */
export const enqueue = (event) =>
  inTurn(async () => {
    const queue = [...(await waiting()), event];
    await write({ queue: queue.slice(-MOST) });
  });

/** @param {AuditEvent[]} done */
const drop = (done) =>
  inTurn(async () => {
    const ids = new Set(done.map((event) => event.event_id));
    await write({ queue: (await waiting()).filter((event) => !ids.has(event.event_id)) });
  });

const markLate = () =>
  inTurn(async () => {
    await write({ queue: (await waiting()).map((event) => ({ ...event, late: true })) });
  });

/** @type {Promise<void> | null} */
let delivering = null;

/** Deliver what waits, one delivery at a time. Raise when the server cannot take it now. */
export async function deliver() {
  while (delivering) await delivering.catch(() => undefined);
  delivering = deliverAll().finally(() => (delivering = null));
  return delivering;
}

/** A server that saw an event before answers with its first receipt, so asking twice does no harm. */
async function deliverAll() {
  let most = AT_ONCE;
  for (let group = (await waiting()).slice(0, most); group.length; group = (await waiting()).slice(0, most)) {
    try {
      await call("/audit/events", { method: "POST", body: { events: group } });
    } catch (error) {
      if (!(error instanceof Refused && UNACCEPTABLE.has(error.status))) {
        await markLate();
        throw error;
      }
      // One event the server will never take must not hold the others: find it, let it go.
      if (group.length > 1) {
        most = Math.ceil(group.length / 2);
        continue;
      }
    }
    await drop(group);
    most = AT_ONCE;
  }
}

/**
 * Remember a decision for the popup: kinds, never text.
 *
 * @param {{at: string, action: string, service: string, kinds: string[]}} decision
 */
export const remember = (decision) =>
  inTurn(async () => {
    const recent = [decision, ...((await read("recent")) ?? [])].slice(0, RECENT);
    await write({ recent });
  });
