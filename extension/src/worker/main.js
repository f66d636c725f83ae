/** The service worker. It may be ended at any time, so it remembers nothing between two events. */

import * as browser from "../browser.js";
import { PAGE, TAB } from "../messages.js";
import { call, connection, Refused } from "./connection.js";
import { bundledServer, enrol, enrolByAdministrator } from "./enrolment.js";
import { acknowledge, isLive, keepOpen } from "./live.js";
import { deliver, enqueue, remember, waiting } from "./queue.js";
import { lastRules, sync } from "./sync.js";

/** @typedef {import("../messages.js").ToTab} ToTab */
/** @typedef {import("../messages.js").FromTab} FromTab */
/** @typedef {import("../messages.js").FromPage} FromPage */
/** @typedef {import("../messages.js").ToPage} ToPage */
/** @typedef {import("../messages.js").State} State */
/** @typedef {import("../messages.js").Rules} Rules */

const SYNC = "sync";
const SYNC_MINUTES = 5;
const JUDGE_MS = 2000;
const OBEY_MS = 500;
const BADGES = {
  unconnected: ["", "#5b6673"],
  starting: ["…", "#5b6673"],
  protected: ["on", "#17602f"],
  degraded: ["!", "#7d4a00"],
  offline: ["off", "#7d4a00"],
};

/** @type {Set<browser.Port>} */
const tabs = new Set();
/** @type {Rules | null} */
let rules = null;
let isReachable = true;
/** @type {string | null} */
let trouble = null;
/** @type {Promise<void> | null} */
let waking = null;
/** Tabs still to obey the newest version. */
let owing = new Set();

browser.onConnect((port) => {
  if (port.name === TAB && browser.isOwnScript(port)) welcomeTab(port);
  else if (port.name === PAGE && browser.isOwnPage(port)) port.onMessage.addListener((message) => void answerPage(port, message));
  else port.disconnect();
});
browser.onInstalled(() => void wake());
browser.onStartup(() => void wake());
browser.onAlarm((name) => name === SYNC && void wake());
browser.onStorageChanged((area) => area === "managed" && void wake());
void wake();

/** Many events wake at once; one enrolment and one sync serve them all. */
function wake() {
  waking ??= catchUp().finally(() => (waking = null));
  return waking;
}

async function catchUp() {
  void browser.alarmEvery(SYNC, SYNC_MINUTES);
  await enrolByAdministrator();
  if (!(await connection())) return tellState();
  rules ??= await lastRules();
  if (rules) tell({ t: "rules", rules });
  await update();
  void keepOpen({ onPolicy: (version) => void (version !== rules?.policy.version && update()), onOpen: () => void update(), onClosed: () => void update() });
}

async function update() {
  try {
    const fresh = await sync();
    isReachable = true;
    trouble = null;
    rules = fresh ?? rules ?? (await lastRules());
    if (fresh) obeyIn(fresh);
    else if (rules) acknowledge(rules.policy.version, rules.rulebook.version);
    await deliver();
  } catch (error) {
    isReachable = error instanceof Refused;
    trouble = error instanceof Error ? error.message : String(error);
  }
  await tellState();
}

/** @param {Rules} fresh */
function obeyIn(fresh) {
  owing = new Set(tabs);
  tell({ t: "rules", rules: fresh });
  const version = fresh.policy.version;
  if (!owing.size) acknowledge(version, fresh.rulebook.version);
  else setTimeout(() => owing.size && rules?.policy.version === version && acknowledge(version, fresh.rulebook.version), OBEY_MS);
}

/** @returns {Promise<State>} */
async function state() {
  if (!(await connection())) return "unconnected";
  if (!rules) return isReachable ? "starting" : "degraded";
  if (!isReachable) return "offline";
  return trouble ? "degraded" : "protected";
}

async function tellState() {
  const now = await state();
  const clientName = (await connection())?.client.name ?? "";
  const isNoticeSeen = Boolean(await browser.read("isNoticeSeen"));
  tell({ t: "state", state: now, clientName, isNoticeSeen });
  const [shown, colour] = BADGES[now];
  await browser.badge(shown ?? "", colour ?? "", browser.text(`state_${now}`, clientName));
}

/** @param {ToTab} message */
function tell(message) {
  for (const tab of tabs) {
    try {
      tab.postMessage(message);
    } catch {
      tabs.delete(tab); // gone without saying so, as frozen pages go
      owing.delete(tab);
    }
  }
}

/** @param {browser.Port} port */
function welcomeTab(port) {
  tabs.add(port);
  port.onDisconnect.addListener(() => {
    tabs.delete(port);
    owing.delete(port);
  });
  port.onMessage.addListener((message) => void answerTab(port, message));
  void (async () => {
    rules ??= await lastRules();
    if (rules) port.postMessage({ t: "rules", rules });
    await tellState();
    if (!rules || !isLive()) void wake();
  })();
}

/**
 * @param {browser.Port} port
 * @param {FromTab} message
 */
async function answerTab(port, message) {
  if (message.t === "judge") port.postMessage({ t: "judged", id: message.id, verdict: await judged(message) });
  else if (message.t === "event") {
    const { event } = message;
    await enqueue(event);
    const kinds = [...new Set(event.findings.map((finding) => finding.type))];
    await remember({ at: event.occurred_at, action: event.entry_kind === "verdict" ? event.action : event.disposition, service: event.service, kinds });
    await deliver().then(
      () => (isReachable = true),
      (error) => (isReachable = error instanceof Refused),
    );
    await tellState();
  } else if (message.t === "obeyed") {
    owing.delete(port);
    if (!owing.size && message.version === rules?.policy.version) acknowledge(message.version, message.rulebookVersion);
  } else if (message.t === "notice-seen") {
    await browser.write({ isNoticeSeen: true });
    await tellState();
  }
}

/** @param {import("../messages.js").JudgeMessage} message */
async function judged({ id, text, service, channel }) {
  try {
    const response = await call("/analyze/prompt", { method: "POST", timeoutMs: JUDGE_MS, body: { text, service, channel, event_id: id } });
    const verdict = await response.json();
    await remember({ at: new Date().toISOString(), action: verdict.action, service, kinds: [...new Set(verdict.findings.map((/** @type {{type: string}} */ found) => found.type))] });
    isReachable = true;
    return verdict;
  } catch {
    return null;
  }
}

/**
 * @param {browser.Port} port
 * @param {FromPage} message
 */
async function answerPage(port, message) {
  /** @type {ToPage} */
  let answer;
  if (message.t === "enrol") {
    try {
      await enrol(message.server, message.code, message.email);
      rules = null;
      await waking; // it may have begun before there was a connection
      await wake();
      answer = { t: "enrolled" };
    } catch (error) {
      answer = { t: "refused", why: error instanceof Error ? error.message : String(error) };
    }
  } else {
    if (message.t === "sync") await wake();
    answer = { t: "overview", overview: await overview() };
  }
  port.postMessage(answer);
}

/** @returns {Promise<import("../messages.js").Overview>} */
async function overview() {
  const owner = await connection();
  return {
    state: await state(),
    server: owner?.server ?? (await bundledServer()).server_url ?? "",
    clientName: owner?.client.name ?? "",
    userName: owner?.user.name ?? "",
    policyVersion: rules?.policy.version ?? null,
    rulebookVersion: rules?.rulebook.version ?? null,
    waiting: (await waiting()).length,
    recent: (await browser.read("recent")) ?? [],
    trouble,
  };
}
