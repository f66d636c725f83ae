/** What the worker does when a tab or one of our pages asks for something. */

import { bundled } from "../../bundled/adapters.js";
import * as browser from "../browser.js";
import { isCovered } from "../leaving/addresses.js";
import { call, connection, troubleOf } from "./connection.js";
import { bundledServer, enrol } from "./enrolment.js";
import { deliver, enqueue, remember, waiting } from "./queue.js";
import { ask, seen, withdraw } from "./requests.js";
import { askable, askForService, serviceRequests } from "./service_requests.js";
import { beyond, isStoodOn } from "./reach.js";
import { isShort } from "./room.js";
import { sent } from "./sent.js";
import { noteContact, noteTrouble, shownTrouble, state } from "./standing.js";
import { toReload } from "./gate.js";
import { noteHealth } from "./health.js";
import { letGo } from "./network.js";
import * as tabs from "./tabs.js";
import { acknowledgeAgain, forgetRules, readyNetwork, rulesNow, tellState, wake, wakeAnew, WELCOME } from "./upkeep.js";

/** @typedef {import("../messages.js").FromTab} FromTab */
/** @typedef {import("../messages.js").FromPage} FromPage */
/** @typedef {import("../messages.js").ToPage} ToPage */

const JUDGE_MS = 2000;

/**
 * @param {browser.Port} port
 * @param {FromTab} message
 */
export async function answerTab(port, message) {
  if (message.t === "judge") tabs.tell({ t: "judged", id: message.id, verdict: await judged(message) }, [port]);
  else if (message.t === "event") await take(port, message.event);
  else if (message.t === "obeyed") tabs.obeyed(port, message.version);
  else if (message.t === "stopped") tabs.tellAbove(port, message);
  else if (message.t === "health") await ((await noteHealth(message.health)) && acknowledgeAgain());
  else if (message.t === "left") {
    await readyNetwork(); // so that what follows is judged by rules
    letGo(message.hashes);
    if (message.id) tabs.tell({ t: "noted", id: message.id }, [port]);
  }
  else if (message.t === "ask") tabs.tell(await ask(message), [port]);
  else if (message.t === "withdraw") await withdraw(message.request).catch(noteTrouble);
  else if (message.t === "seen") await seen(message.request, message.state);
  else if (message.t === "more") await browser.openPage(WELCOME);
  else await noticeSeen();
}

/** What is said once has been read. */
async function noticeSeen() {
  await browser.write({ isNoticeSeen: true });
  await tellState();
}

/**
 * @param {browser.Port} port
 * @param {import("../messages.js").AuditEvent} event
 */
async function take(port, event) {
  try {
    await enqueue(event);
  } catch (error) {
    await noteTrouble(error);
    return tellState(); // the tab keeps it and tells it again when all is well
  }
  tabs.tell({ t: "kept", id: event.event_id }, [port]);
  await deliverNew(event);
}

/**
 * A request was seen from outside its page that nobody there had let go.
 *
 * @param {import("../messages.js").AuditEvent} event
 * @param {boolean} isStopped
 * @param {string} origin
 */
export async function takeReport(event, isStopped, origin) {
  await enqueue(event);
  tabs.tellPagesOf(origin, isStopped ? { t: "stopped", name: "caught" } : { t: "stopped", name: "escaped" });
  await deliverNew(event);
}

/** @param {import("../messages.js").AuditEvent} event */
async function deliverNew(event) {
  const action = event.entry_kind === "verdict" ? event.action : event.disposition;
  await remember({ id: event.submission_id, at: event.occurred_at, action, service: event.service, kinds: event.findings.map(({ type }) => type) });
  await deliver().then(noteContact, noteTrouble);
  await tellState();
}

/** @param {import("../messages.js").JudgeMessage} message */
async function judged({ id, text, service, channel }) {
  try {
    const response = await call("/analyze/prompt", { method: "POST", timeoutMs: JUDGE_MS, body: { text, service, channel, event_id: id } });
    const verdict = await response.json();
    await remember({ id: verdict.submission_id, at: new Date().toISOString(), action: verdict.action, service, kinds: verdict.findings.map((/** @type {{type: string}} */ { type }) => type) });
    return verdict;
  } catch {
    return null; // the tab decides without it; whether the server is there shows as the event is delivered
  }
}

/**
 * @param {browser.Port} port
 * @param {FromPage} message
 */
export async function answerPage(port, message) {
  /** @type {ToPage} */
  let answer;
  if (message.t === "enrol") answer = await enrolled(message);
  else if (message.t === "ask-service" || message.t === "services?") answer = await services(message);
  else {
    if (message.t === "sync") await wake();
    else if (message.t === "notice-seen") await noticeSeen();
    answer = { t: "overview", overview: await overview() };
  }
  port.postMessage(answer);
}

/**
 * @param {{server: string, code: string, email: string}} wish
 * @returns {Promise<ToPage>}
 */
async function enrolled({ server, code, email }) {
  try {
    await enrol(server, code, email);
  } catch (error) {
    return { t: "refused", trouble: troubleOf(error) };
  }
  forgetRules();
  await wakeAnew();
  return { t: "enrolled" };
}

/**
 * @param {Extract<FromPage, {t: "services?"} | {t: "ask-service"}>} message
 * @returns {Promise<ToPage>}
 */
async function services(message) {
  const known = (await rulesNow())?.services ?? [];
  try {
    if (message.t === "ask-service") await askForService(known, message);
    return { t: "services", requests: await serviceRequests(), names: askable(known) };
  } catch (error) {
    return { t: "refused", trouble: troubleOf(error) };
  }
}

/** @returns {Promise<import("../messages.js").Overview>} */
async function overview() {
  const owner = await connection();
  const rules = await rulesNow();
  return {
    state: await state(rules),
    hasRules: rules !== null,
    server: owner?.server ?? (await bundledServer()).server_url ?? "",
    clientName: owner?.client.name ?? "",
    userName: owner?.user.name ?? "",
    policyVersion: rules?.policy.version ?? null,
    rulebookVersion: rules?.rulebook.version ?? null,
    canStop: await browser.canBlock(),
    unguarded: await toReload(),
    waiting: (await waiting()).length,
    recent: (await browser.read("recent")) ?? [],
    sent: await sent(),
    isShort: await isShort(),
    here: await here(rules?.adapters),
    checked: rules ? names(rules.adapters.filter(isStoodOn), rules.services) : [],
    beyond: await beyondOf(rules),
    contact: rules?.policy.document.contact ?? "",
    lastContact: (await browser.read("lastContact")) ?? null,
    graceUntil: rules?.suspension?.grace_until ?? "",
    trouble: await shownTrouble(rules),
  };
}

/** What a person sees in front: whether our script stands there, not whether it should. */
async function here(adapters = bundled) {
  const tab = await browser.tabInFront();
  const url = new URL(tab?.url ?? "about:blank");
  const { protocol, hostname } = url;
  return { host: protocol.startsWith("http") ? hostname : "", isChecked: tabs.isGuarded(tab?.id) && isCovered(adapters, url) };
}

/**
 * Return what the rules watch and this copy's scripts do not stand on.
 *
 * @param {import("../messages.js").Rules | null} rules
 * @returns {Promise<import("../messages.js").Beyond>}
 */
async function beyondOf(rules) {
  const { found, origins, isWatched } = await beyond(rules?.adapters ?? []);
  return { names: names(found, rules?.services ?? []), origins, isWatched };
}

/**
 * @param {import("../messages.js").Adapter[]} adapters
 * @param {import("../messages.js").Service[]} services
 */
const names = (adapters, services) => [...new Set(adapters.map(({ service }) => services.find(({ id }) => id === service)?.name ?? service))].toSorted();
