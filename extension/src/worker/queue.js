/**
 * Events that must reach the server: kept until acknowledged, delivered once in effect. Each has a number,
 * counted up from 1 as long as this browser is one and the same to its server, so that one that is lost is missed.
 */

import { read } from "../browser.js";
import { offset } from "./clock.js";
import { call, connection, Refused } from "./connection.js";
import { keep, note } from "./room.js";
import { turns } from "./turns.js";

/** @typedef {import("../messages.js").AuditEvent} AuditEvent */
/** @typedef {AuditEvent & {number?: number, device?: string}} Queued */
/** @typedef {{device: string, last: number}} Count */

const MOST = 5000;
const AT_ONCE = 100;
const RECENT = 20;
/** Answers about what an event says, not about who sends it or when. */
const UNACCEPTABLE = new Set([400, 413, 422]);

/** Changes of what is stored. No network inside. */
const inTurn = turns();

const ownClient = async () => (await connection())?.client.id ?? "";

/**
 * Each client has a queue of its own: another's server must never be told of these events.
 *
 * @param {string} client
 * @returns {Promise<Queued[]>}
 */
const queueOf = async (client) => (await read(`queue ${client}`)) ?? [];

export const waiting = async () => queueOf(await ownClient());

/**
 * @param {(queue: Queued[]) => Queued[]} change
 * @param {string} [client]
 */
const changed = (change, client) =>
  inTurn(async () => {
    const whose = client ?? (await ownClient());
    await keep({ [`queue ${whose}`]: change(await queueOf(whose)).slice(-MOST) });
  });

/** @returns {Promise<Count>} How far this browser has counted. */
async function counted() {
  const device = (await connection())?.deviceId ?? "";
  /** @type {Count | undefined} */
  const count = await read("count");
  return count?.device === device ? count : { device, last: 0 };
}

/**
 * Store an event with the next number, by the server's clock; one that is stored already stays as it is.
 *
 * @param {AuditEvent} event
 */
export const enqueue = (event) =>
  inTurn(async () => {
    const whose = await ownClient();
    const queue = await queueOf(whose);
    if (queue.some(({ event_id }) => event_id === event.event_id)) return;
    const { device, last } = await counted();
    const number = last + 1;
    const occurred_at = new Date(Date.parse(event.occurred_at) + (await offset())).toISOString();
    await keep({ [`queue ${whose}`]: [...queue, { ...event, occurred_at, number, device }].slice(-MOST), count: { device, last: number } });
  });

/** @returns {Promise<number>} Up to which number this browser's events have been delivered, or can be no longer. */
export async function delivered() {
  const { device, last } = await counted();
  const first = (await waiting()).find((event) => event.device === device)?.number;
  return first ? first - 1 : last;
}

/**
 * @param {Queued[]} done
 * @param {string} client
 */
function drop(done, client) {
  const ids = new Set(done.map(({ event_id }) => event_id));
  return changed((queue) => queue.filter(({ event_id }) => !ids.has(event_id)), client);
}

/** @param {string} client */
const markLate = (client) => changed((queue) => queue.map((event) => ({ ...event, late: true })), client);

/** Wait until what was to be stored is stored. */
export const settled = () => inTurn(async () => undefined);

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
  const client = await ownClient();
  const next = async () => (await queueOf(client)).slice(0, most);
  let most = AT_ONCE;
  for (let group = await next(); group.length; group = await next()) {
    try {
      await call("/audit/events", { method: "POST", body: told(group, (await connection())?.deviceId), client });
    } catch (error) {
      if (!(error instanceof Refused && UNACCEPTABLE.has(error.status))) {
        await markLate(client);
        throw error;
      }
      // One event the server will never take must not hold the others: find it, let it go.
      if (group.length > 1) {
        most = Math.ceil(group.length / 2);
        continue;
      }
    }
    await drop(group, client);
    most = AT_ONCE;
  }
}

/**
 * Return what is told of some events: a number counts only as long as we are who has counted.
 *
 * @param {Queued[]} group
 * @param {string | undefined} self
 */
function told(group, self) {
  const numbers = group.map(({ number, device }) => (device === self ? (number ?? null) : null));
  return { events: group.map(({ number, device, ...event }) => event), ...(numbers.some((number) => number !== null) ? { numbers } : {}) };
}

/**
 * Remember a decision for the popup: kinds, never text. What became of it takes its place.
 *
 * @param {import("../messages.js").Decision} decision
 */
export const remember = (decision) =>
  inTurn(() =>
    note("recent", (/** @type {import("../messages.js").Decision[]} */ former = []) => {
      const others = former.filter(({ id }) => id !== decision.id);
      return [{ ...decision, kinds: [...new Set(decision.kinds)] }, ...others].slice(0, RECENT);
    }),
  );
