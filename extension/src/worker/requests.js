/** What this person has asked for: kept until it has been read, and told to every tab. */

import { read, write } from "../browser.js";
import { call, connection, Refused, troubleOf } from "./connection.js";
import { deliver, settled } from "./queue.js";
import * as tabs from "./tabs.js";

/** @typedef {import("../messages.js").Request} Request */

const MOST = 20;
/** Nothing more becomes of these. */
const OVER = new Set(["rejected", "lapsed", "expired", "ended", "withdrawn"]);

const ownClient = async () => (await connection())?.client.id ?? "";

/** @returns {Promise<Request[]>} */
export async function requests() {
  const kept = await read("requests");
  return kept?.client === (await ownClient()) ? kept.items : [];
}

/** @param {Request[]} items */
async function keep(items) {
  const said = items.filter(({ state, hidden }) => !(OVER.has(state) && hidden === state) && state !== "withdrawn").slice(0, MOST);
  await write({ requests: { client: await ownClient(), items: said } });
  tabs.tell({ t: "requests", requests: said });
}

/**
 * Ask for an exception. What was stopped has to be known to the server first.
 *
 * @param {import("../messages.js").AskMessage} message
 * @returns {Promise<import("../messages.js").AskedMessage>}
 */
export async function ask({ id, submissionId, justification, words }) {
  try {
    await settled();
    await deliver();
    const response = await call("/exceptions", { method: "POST", body: { submission_id: submissionId, justification, words } });
    const made = shaped(await response.json());
    await keep([made, ...(await requests()).filter((one) => one.id !== made.id)]);
    return { t: "asked", id, trouble: null };
  } catch (error) {
    return { t: "asked", id, trouble: troubleOf(error) };
  }
}

/** @param {string} id */
export async function withdraw(id) {
  try {
    await call(`/exceptions/${id}/withdraw`, { method: "POST" });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  await refresh();
}

/**
 * Somebody has read how a request stands.
 *
 * @param {string} id
 * @param {string} state
 */
export const seen = async (id, state) => keep((await requests()).map((one) => (one.id === id ? { ...one, state, hidden: state } : one)));

/**
 * Fetch how everything stands that something may still become of. An answer may also be about what this
 * browser did not ask for itself: somebody who agreed that a verdict was wrong has let it pass.
 *
 * @param {boolean} [isAnswered]
 */
export async function refresh(isAnswered = false) {
  const known = await requests();
  if (!isAnswered && !known.some(({ state }) => !OVER.has(state))) return;
  const page = await (await call(`/exceptions?limit=${MOST}`)).json();
  /** @type {Map<string, Request>} */
  const fresh = new Map(page.items.map((/** @type {any} */ one) => [one.id, shaped(one)]));
  const held = known.map((one) => ({ ...(fresh.get(one.id) ?? one), hidden: one.hidden }));
  const granted = [...fresh.values()].filter(({ id, state }) => state === "active" && !known.some((one) => one.id === id));
  await keep([...granted, ...held]);
}

/**
 * Return what tabs need of what the server says; a question's own words stay with the server.
 *
 * @param {any} said
 * @returns {Request}
 */
function shaped({ id, submission_id, service, kinds, state, approvals, created_at, answer_until, ends_at, said: answers }) {
  const answer = answers.findLast((/** @type {{decision: string}} */ { decision }) => decision === "reject")?.reason ?? "";
  return { id, submission_id, service, kinds, state, approvals, created_at, answer_until, ends_at, answer, hidden: "" };
}
