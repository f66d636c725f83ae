/** Events that must reach the server: kept until acknowledged, delivered once in effect. */

import { read, write } from "../browser.js";
import { call, Refused } from "./connection.js";

/** @typedef {import("../messages.js").AuditEvent} AuditEvent */

const MOST = 5000;
const AT_ONCE = 100;
const RECENT = 20;

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * One change of the queue after the other: two at once would lose one.
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

/** Deliver what waits. A server that saw an event before answers with its first receipt. */
export const deliver = () =>
  inTurn(async () => {
    for (let queue = await waiting(); queue.length; queue = await waiting()) {
      const group = queue.slice(0, AT_ONCE);
      try {
        await call("/audit/events", { method: "POST", body: { events: group } });
      } catch (error) {
        if (error instanceof Refused && error.status === 422 && group.length === 1) {
          await write({ queue: queue.slice(1) }); // the server will never take it: one bad event must not hold all others
          continue;
        }
        await write({ queue: queue.map((event) => ({ ...event, late: true })) });
        throw error;
      }
      const sent = new Set(group.map((event) => event.event_id));
      await write({ queue: (await waiting()).filter((event) => !sent.has(event.event_id)) });
    }
  });

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
