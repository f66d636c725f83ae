/** Keeps the rules of this browser fresh: enrols, syncs, delivers what waits, and listens for news. */

import { alarmEvery, openPage, read, write } from "../browser.js";
import { connection } from "./connection.js";
import { enrolByAdministrator, isWished } from "./enrolment.js";
import { acknowledge, isLive, keepOpen } from "./live.js";
import { noteGuarded, setGate } from "./gate.js";
import * as network from "./network.js";
import { deliver, delivered } from "./queue.js";
import { refresh, requests } from "./requests.js";
import { report } from "./sightings.js";
import { noteContact, noteTrouble, shownState, state } from "./standing.js";
import { lastRules, sync } from "./sync.js";
import * as tabs from "./tabs.js";
import { turns } from "./turns.js";

/** @typedef {import("../messages.js").Rules} Rules */

export const SYNC = "sync";
/** What is checked, what leaves, who sees it, how to object. */
export const WELCOME = "src/pages/welcome/welcome.html";
const SYNC_MINUTES = 5;

const inTurn = turns();
/** @type {Rules | null} */
let rules = null;
/** @type {Promise<void> | null} */
let waking = null;

/** The rules of this moment, from storage where the worker has just been started. */
export const rulesNow = async () => (rules ??= await lastRules());

/** Another organisation's rules are no longer ours. */
export const forgetRules = () => (rules = null);

/** Many events wake at once; one enrolment and one sync serve them all. */
export function wake() {
  waking ??= catchUp().finally(() => (waking = null));
  return waking;
}

/** Wake once more, after the waking that may have begun too early. */
export async function wakeAnew() {
  await waking;
  await wake();
}

async function catchUp() {
  void alarmEvery(SYNC, SYNC_MINUTES);
  try {
    await enrolByAdministrator();
  } catch (error) {
    await noteTrouble(error);
  }
  if (!(await connection())) return tellState();
  await update();
  void explainOnce();
  void keepOpen({ onPolicy: (version) => void (version !== rules?.policy.version && update()), onDecided: () => void update(true), onOpen: () => void update(), onClosed: () => void update() });
}

/** Whose administrator has installed us did not ask for this: say what it does, once. */
async function explainOnce() {
  if ((await read("isWelcomed")) || (await read("isNoticeSeen")) || !(await isWished())) return;
  await openPage(WELCOME).then(() => write({ isWelcomed: true }), () => undefined); // a browser without a window comes later
}

/** @param {boolean} [isAnswered] Whether somebody has decided on an exception. */
async function update(isAnswered = false) {
  try {
    if (!(await sync(obey))) {
      rules = await rulesNow();
      await guardNetwork();
      await acknowledgeAgain();
    }
    await deliver();
    await refresh(isAnswered); // after the rules: who may send now obeys them already
    await report().catch(() => undefined); // what was seen is no reason to say that anything is wrong
    await noteContact();
  } catch (error) {
    await noteTrouble(error);
  }
  await tellState();
}

/** @param {Rules} fresh */
async function obey(fresh) {
  rules = fresh;
  await guardNetwork(); // before any page is told that it may send
  tabs.obey(fresh, () => void acknowledge(fresh.policy.version, fresh.rulebook.version));
}

/** Tell the server once more what we obey, and what has changed beside it. */
export async function acknowledgeAgain() {
  const known = await rulesNow();
  if (known) await acknowledge(known.policy.version, known.rulebook.version, { delivered: await delivered() });
}

/**
 * One after the other: what was known earlier must not be obeyed later. Who asks while one waits is served by it.
 *
 * @type {Promise<void> | null}
 */
let guarding = null;

function guardNetwork() {
  guarding ??= inTurn(async () => {
    guarding = null;
    const known = await rulesNow();
    const isSomebodys = (await state(known)) !== "unconnected";
    network.obey(known, isSomebodys);
    await setGate(isSomebodys, known);
  });
  return guarding;
}

/** See that requests are judged by rules, where the worker has just been started. */
export const readyNetwork = async () => network.isReady() || guardNetwork();

export async function tellState() {
  await guardNetwork();
  tabs.tell(await shownState(await rulesNow()));
}

/**
 * A tab has come: tell it what we know, and see that it stays true.
 *
 * @param {import("../browser.js").Port} port
 */
export async function welcome(port) {
  const known = await rulesNow();
  if (port.sender?.frameId === 0) await noteGuarded(port.sender.tab?.id);
  await guardNetwork();
  if (known) tabs.tellRules(known, [port]);
  tabs.tell({ t: "requests", requests: await requests() }, [port]);
  await tellState();
  if (!known || !isLive()) await wake();
}
