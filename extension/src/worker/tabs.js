/** The open tabs: told of rules and state, and asked to obey. */

/** @typedef {import("../browser.js").Port} Port */
/** @typedef {import("../messages.js").ToTab} ToTab */
/** @typedef {import("../messages.js").Rules} Rules */

/** A tab that sleeps must not keep the others' obedience from being known. */
const OBEY_MS = 500;

/** @type {Set<Port>} */
const tabs = new Set();
/** What is to be done once these tabs obey. @type {{version: number, tabs: Set<Port>, done: () => void} | null} */
let owing = null;

/** @param {Port} port */
export function add(port) {
  tabs.add(port);
  port.onDisconnect.addListener(() => leave(port));
}

/** @param {Port} port */
function leave(port) {
  tabs.delete(port);
  settle(port);
}

/**
 * Whether our script stands on the page of a tab.
 *
 * @param {number | undefined} tab
 */
export const isGuarded = (tab) => tab !== undefined && [...tabs].some(({ sender }) => sender?.tab?.id === tab && sender.frameId === 0);

/**
 * @param {ToTab} message
 * @param {Iterable<Port>} [to]
 */
export function tell(message, to = tabs) {
  for (const tab of to) {
    try {
      tab.postMessage(message);
    } catch {
      leave(tab); // gone without saying so, as frozen pages go
    }
  }
}

/**
 * Tell the page that a frame is part of.
 *
 * @param {Port} frame
 * @param {ToTab} message
 */
export function tellAbove(frame, message) {
  const above = [...tabs].filter(({ sender }) => sender?.tab?.id === frame.sender?.tab?.id && sender?.frameId === 0);
  tell(message, above);
}

/**
 * Tell the pages of a site, not the frames in them.
 *
 * @param {string} origin
 * @param {ToTab} message
 */
export function tellPagesOf(origin, message) {
  tell(message, [...tabs].filter(({ sender }) => sender?.frameId === 0 && sender.origin === origin));
}

/** The rulebook that each tab has: it is the bulk of the rules, and rarely another one. @type {WeakMap<Port, string>} */
const rulebooks = new WeakMap();

/**
 * @param {Rules} rules
 * @param {Iterable<Port>} [to]
 */
export function tellRules(rules, to = tabs) {
  const { version } = rules.rulebook;
  for (const tab of [...to]) {
    tell({ t: "rules", rules: rulebooks.get(tab) === version ? { ...rules, rulebook: null } : rules }, [tab]);
    rulebooks.set(tab, version);
  }
}

/**
 * Hand new rules to every tab, and call `done` when all obey them or have had their time.
 *
 * @param {Rules} rules
 * @param {() => void} done
 */
export function obey(rules, done) {
  const now = { version: rules.policy.version, tabs: new Set(tabs), done };
  owing = now;
  tellRules(rules);
  const finish = () => owing === now && finished();
  if (now.tabs.size) setTimeout(finish, OBEY_MS);
  else finish();
}

/**
 * @param {Port} port
 * @param {number} version
 */
export function obeyed(port, version) {
  if (owing?.version === version) settle(port);
}

/** @param {Port} port */
function settle(port) {
  if (owing?.tabs.delete(port) && !owing.tabs.size) finished();
}

function finished() {
  const { done } = owing ?? {};
  owing = null;
  done?.();
}
