/** The only module that says `chrome`: storage, ports, alarms, badges, texts. */

/** @typedef {chrome.runtime.Port} Port */

/**
 * Return a text of the interface in the browser's language.
 *
 * @param {string} name
 * @param {...string} values
 */
export const text = (name, ...values) => (chrome.i18n?.getMessage(name, values) ?? "") || name;

/** The language the texts are in: they say it themselves. */
export const language = () => text("language");

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

/** @param {string} origin */
export const askForHost = (origin) => chrome.permissions.request({ origins: [`${origin}/*`] });

/**
 * Hear of the addresses tabs go to. Chromium names them only where we may read the page.
 *
 * @param {(url: string) => void} call
 */
export const onAddress = (call) => chrome.tabs.onUpdated.addListener((_tab, { url }) => url && call(url));

export const openOptions = () => chrome.runtime.openOptionsPage();
