/** The only module that says `chrome`: storage, ports, alarms, badges, texts. */

import { completed, textsIn } from "./texts.js";

/** @typedef {chrome.runtime.Port} Port */

/** @type {Map<string, string> | null} */
let packed = null;

/**
 * Return a text of the interface in the browser's language.
 *
 * @param {string} name
 * @param {...string} values
 */
export function text(name, ...values) {
  packed ??= textsIn(chrome.i18n?.getMessage("language") ?? "");
  const found = packed.get(name);
  return (found === undefined ? chrome.i18n?.getMessage(name, values) : completed(found, values)) || name;
}

/** The language the texts are in: they say it themselves. */
export const language = () => text("language");

const FROM_RIGHT = new Set(["ar", "fa", "he", "ur"]);

/** Which way those texts are read. */
export const direction = () => (FROM_RIGHT.has(language()) ? "rtl" : "ltr");

/** @param {string} path */
export const address = (path) => chrome.runtime.getURL(path);

/** Whether this script still belongs to a running extension; false after an update or removal. */
export const isConnected = () => Boolean(chrome.runtime?.id);

export const version = () => chrome.runtime.getManifest().version;

/**
 * @param {string} key
 * @returns {Promise<any>}
 */
export async function read(key) {
  return (await chrome.storage.local.get(key))[key];
}

/** @param {Record<string, unknown>} values */
export const write = (values) => chrome.storage.local.set(values);

/** @param {string[]} keys */
export const forget = (keys) => chrome.storage.local.remove(keys);

/**
 * Read what is remembered until the browser is closed.
 *
 * @param {string} key
 * @returns {Promise<any>}
 */
export async function recall(key) {
  return (await chrome.storage.session.get(key))[key];
}

/** @param {Record<string, unknown>} values */
export const memorise = (values) => chrome.storage.session.set(values);

/** @returns {Promise<{serverUrl?: string, enrolmentToken?: string, userEmail?: string}>} */
export async function managed() {
  try {
    return await chrome.storage.managed.get();
  } catch {
    return {};
  }
}

/** @param {(area: string) => void} call */
export const onStorageChanged = (call) => chrome.storage.onChanged.addListener((_changes, area) => call(area));

/** @param {string} name */
export const connect = (name) => chrome.runtime.connect({ name });

/** @param {(port: Port) => void} call */
export const onConnect = (call) => chrome.runtime.onConnect.addListener(call);

/** @param {() => void} call */
export const onInstalled = (call) => chrome.runtime.onInstalled.addListener(call);

/** @param {() => void} call */
export const onStartup = (call) => chrome.runtime.onStartup.addListener(call);

/**
 * @param {string} name
 * @param {number} minutes
 */
export const alarmEvery = (name, minutes) => chrome.alarms.create(name, { periodInMinutes: minutes, delayInMinutes: minutes * (0.8 + Math.random() * 0.4) });

/** @param {(name: string) => void} call */
export const onAlarm = (call) => chrome.alarms.onAlarm.addListener((alarm) => call(alarm.name));

/**
 * @param {string} shown
 * @param {string} colour
 * @param {string} title
 */
export async function badge(shown, colour, title) {
  await chrome.action.setBadgeText({ text: shown });
  await chrome.action.setBadgeBackgroundColor({ color: colour });
  await chrome.action.setTitle({ title });
}

/**
 * Whether a port comes from one of our own pages, not from a web page's frame.
 *
 * @param {Port} port
 */
export const isOwnPage = (port) => port.sender?.id === chrome.runtime.id && Boolean(port.sender.url?.startsWith(chrome.runtime.getURL("")));

/** @param {Port} port */
export const isOwnScript = (port) => port.sender?.id === chrome.runtime.id;

/**
 * Ask a person, who must just have pressed something.
 *
 * @param {string[]} origins Match patterns.
 */
export const askForHosts = (origins) => chrome.permissions.request({ origins });

/**
 * Whether we may read all these hosts.
 *
 * @param {string[]} origins Match patterns.
 */
export const mayRead = (origins) => chrome.permissions.contains({ origins }).catch(() => false);

/** The sites our scripts stand on, as match patterns. */
export const sites = () => chrome.runtime.getManifest().content_scripts?.[0]?.matches ?? [];

/**
 * Hear of the addresses tabs go to. Chromium names them only where we may read the page.
 *
 * @param {(url: string) => void} call
 */
export const onAddress = (call) => chrome.tabs.onUpdated.addListener((_tab, { url }) => url && call(url));

export const openOptions = () => chrome.runtime.openOptionsPage();

/** @param {string} path Of one of our own pages. */
export const openPage = (path) => chrome.tabs.create({ url: chrome.runtime.getURL(path) });

/** The tab a person looks at. Chromium names its address only where we may read the page. */
export const tabInFront = async () => (await chrome.tabs.query({ active: true, lastFocusedWindow: true }))[0];

/** @typedef {chrome.webRequest.OnBeforeRequestDetails} Request */
/** @typedef {{error?: string, formData?: Record<string, (string | ArrayBuffer)[]>, raw?: {bytes?: ArrayBuffer, file?: string}[]}} RequestBody */
/** @typedef {chrome.declarativeNetRequest.Rule} SessionRule */

/** Everything a prompt can leave with; pictures and styles are none of our business. */
const LEAVING = /** @type {chrome.declarativeNetRequest.ResourceType[]} */ (["main_frame", "sub_frame", "xmlhttprequest", "ping", "websocket", "other"]);

/**
 * Be told of requests before they leave, of hosts that we may read; to be asked whether they may, an administrator has
 * to have installed us. Asked for at once as the worker starts, and for every host: which of them matter is known later.
 *
 * @param {(request: Request) => chrome.webRequest.BlockingResponse | undefined} call
 * @param {boolean} isBlocking
 */
export function onRequest(call, isBlocking) {
  const types = /** @type {`${chrome.webRequest.ResourceType}`[]} */ (LEAVING.filter((type) => type !== "websocket"));
  chrome.webRequest.onBeforeRequest.addListener(call, { urls: ["https://*/*"], types }, ["requestBody", ...(isBlocking ? [/** @type {const} */ ("blocking")] : [])]);
}

/** Whether requests can be stopped from outside a page; a copy that a person installed is not given it. */
export const canBlock = async () => Boolean((await chrome.permissions.getAll()).permissions?.includes("webRequestBlocking"));

/**
 * Put these rules in the place of all that hold until the browser is closed.
 *
 * @param {SessionRule[]} addRules
 */
export async function setSessionRules(addRules) {
  const former = await chrome.declarativeNetRequest.getSessionRules();
  await chrome.declarativeNetRequest.updateSessionRules({ removeRuleIds: former.map(({ id }) => id), addRules });
}

/**
 * @param {number} id
 * @param {{urlFilter: string, requestMethods: string[], tabIds?: number[]}} condition
 */
export const blockRule = (id, condition) => /** @type {SessionRule} */ (/** @type {unknown} */ ({ id, priority: 1, action: { type: "block" }, condition: { ...condition, resourceTypes: LEAVING } }));

/**
 * Return the tabs that show one of these pages; one that was put to sleep loads it anew.
 *
 * @param {string[]} url Match patterns.
 */
export const tabsOn = async (url) => (await chrome.tabs.query({ url, discarded: false })).flatMap(({ id }) => (id === undefined ? [] : [id]));
