/** The third ring: what a request carries as it leaves the browser, seen from outside the page, workers' too. */

import { bundled } from "../../bundled/adapters.js";
import * as browser from "../browser.js";
import { judgeLocally, ofLocal, eventOf } from "../content/judging.js";
import { CustomDetection } from "../detection/custom/custom.js";
import { Detector } from "../detection/engine.js";
import { toUtf16 } from "../detection/spans.js";
import { Addresses } from "../leaving/addresses.js";
import { textsOf } from "../leaving/bodies.js";
import { hashOf } from "../leaving/releases.js";
import { stops } from "../policy/decide.js";
import { failsAs } from "../policy/policy.js";

/** @typedef {import("../messages.js").Rules} Rules */
/** @typedef {import("../content/judging.js").Local} Local */
/** @typedef {{text: string, local: Local | null, host: string}} Caught `local` is null where it could not be read. */
/** @typedef {(event: import("../messages.js").AuditEvent, isStopped: boolean, origin: string) => void} Report */

/** What the page's own rings let go is told to us; it is waited for, but no longer than this. */
const TOLD_MS = 250;
const AGAIN_MS = 10_000;
const KNOWN_MS = 30_000;
const MOST_KNOWN = 2000;

/** What may leave, by its hash, until when. @type {Map<string, number>} */
const released = new Map();
/** What was told lately. @type {Map<string, number>} */
const told = new Map();
let addresses = new Addresses(bundled);
/** @type {{rules: Rules, detector: Detector | null, custom: CustomDetection | null} | null} */
let known = null;
/** Whether this browser is somebody's; until that is known it is. */
let isInForce = true;
/** @type {Report} */
let report = () => undefined;

/**
 * Watch from now on. Called as the worker starts, so that a request can wake it.
 *
 * @param {Report} tell
 */
export function watch(tell) {
  report = tell;
  // Both are called where the browser lets us stop requests; else only the second is.
  browser.onRequest((request) => (isCaught(request) ? { cancel: true } : {}), true);
  browser.onRequest((request) => void lookAfterwards(request), false);
}

/**
 * @param {Rules | null} rules
 * @param {boolean} isSomebodys
 */
export function obey(rules, isSomebodys) {
  isInForce = isSomebodys;
  if (!rules || known?.rules === rules) return;
  const isSame = known?.rules.rulebook.version === rules.rulebook.version;
  known = { rules, detector: isSame ? (known?.detector ?? null) : null, custom: rules.custom && new CustomDetection(rules.custom) };
  addresses = new Addresses(rules.adapters.length ? rules.adapters : bundled);
}

/** Whether there is something to judge by. */
export const isReady = () => known !== null;

/**
 * The page's own rings let these texts go, or these values in any text.
 *
 * @param {string[]} hashes
 */
export function letGo(hashes) {
  const now = Date.now();
  for (const [hash, until] of released) if (until < now || released.size > MOST_KNOWN) released.delete(hash);
  for (const hash of hashes) released.set(hash, now + KNOWN_MS);
}

/**
 * @param {browser.Request} request
 * @returns {boolean} Whether it must not leave.
 */
function isCaught(request) {
  const caught = catchIn(request);
  if (caught) tell(caught, request, true);
  return caught !== null;
}

/**
 * It has left. Say so where it should not have.
 *
 * @param {browser.Request} request
 */
async function lookAfterwards(request) {
  if (await browser.canBlock()) return;
  await new Promise((resolve) => setTimeout(resolve, TOLD_MS));
  const caught = known && catchIn(request);
  if (caught) tell(caught, request, false);
}

/**
 * Return what a request carries that must not leave; null where it may.
 *
 * @param {browser.Request} request
 * @returns {Caught | null}
 */
function catchIn({ url, method, requestBody, initiator }) {
  if (!isInForce || !URL.canParse(url)) return null;
  const address = new URL(url);
  const found = addresses.find(address, method);
  if (!found) return null;
  const host = new URL(initiator && URL.canParse(initiator) ? initiator : url).hostname;
  const read = textsOf(found.request, bodyOf(requestBody), address);
  const text = read.texts.filter((one) => one.trim() && !isReleased(one)).join("\n");
  if (!read.isReadable) return mayPassUnread() ? null : { text: "", local: null, host };
  if (!text) return null;
  const local = judged(text, host);
  if (!local) return { text: "", local: null, host }; // woken by it, and nothing known yet
  const areReleased = local.findings.length > 0 && local.findings.every(({ start, end }) => isReleased(text.slice(...toUtf16(text, start, end))));
  return stops(local.action) && !areReleased ? { text, local, host } : null;
}

/** @param {string} text */
const isReleased = (text) => (released.get(hashOf(text)) ?? 0) > Date.now();

const mayPassUnread = () => known !== null && failsAs(known.rules.policy.document, []) === "allow_and_queue";

/**
 * @param {string} text
 * @param {string} host
 */
function judged(text, host) {
  if (!known) return null;
  known.detector ??= new Detector(known.rules.rulebook);
  return judgeLocally(known.detector, known.custom, known.rules, text, host, "typed");
}

/**
 * Return a body as the browser hands it over: parts, fields of a form, or word that it cannot.
 *
 * @param {browser.RequestBody | null | undefined} body
 * @returns {import("../leaving/bodies.js").Body}
 */
function bodyOf(body) {
  if (!body) return { text: "" };
  if (body.formData) return { fields: Object.entries(body.formData).flatMap(([name, values]) => values.map((value) => /** @type {[string, string]} */ ([name, typeof value === "string" ? value : new TextDecoder().decode(value)]))) };
  const parts = body.raw?.flatMap(({ bytes }) => (bytes ? [new Uint8Array(bytes)] : [])) ?? [];
  if (body.error || !parts.length) return { isUnreadable: true };
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return { bytes: whole.buffer };
}

/**
 * @param {Caught} caught
 * @param {browser.Request} request
 * @param {boolean} isStopped
 */
function tell({ text, local, host }, { url, initiator = "" }, isStopped) {
  const nothing = { action: /** @type {const} */ ("block"), findings: [], noted: [], remedies: [], message: "", to_redact: [], policy_version: known?.rules.policy.version ?? 0, rulebook_version: known?.rules.rulebook.version ?? "" };
  const said = `${url} ${hashOf(text)}`;
  if ((told.get(said) ?? 0) > Date.now()) return; // a page that tries again and again is one event
  told.set(said, Date.now() + AGAIN_MS);
  const judgement = ofLocal(/** @type {Local} */ (local ?? nothing));
  const event = eventOf(judgement, { host, channel: "typed", text });
  report({ ...event, disposition: isStopped ? "prevented" : "sent_unflagged" }, isStopped, initiator);
}
