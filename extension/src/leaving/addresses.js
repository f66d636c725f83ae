/** Which requests carry a prompt, as the adapters list them. */

/** @typedef {import("../messages.js").Adapter} Adapter */
/** @typedef {import("../messages.js").PromptRequest} PromptRequest */
/** @typedef {{adapter: Adapter, request: PromptRequest, path: RegExp}} Watched */

const SOCKETS = ["ws:", "wss:"];

export class Addresses {
  /** @param {Adapter[]} adapters */
  constructor(adapters) {
    /** By host; a host that starts with a full stop stands for every host below it. @type {Map<string, Watched[]>} */
    this.byHost = new Map();
    for (const adapter of adapters) for (const request of adapter.requests) this.#add({ adapter, request, path: pathOf(request.path) });
  }

  /** @param {Watched} watched */
  #add(watched) {
    const { adapter, request } = watched;
    const hosts = request.host ? [request.host] : adapter.match.map(hostOf);
    for (const host of hosts) this.byHost.set(host, [...(this.byHost.get(host) ?? []), watched]);
  }

  /**
   * Return what an address is watched for; null where nothing is asked of a prompt.
   *
   * @param {URL} url
   * @param {string} method
   * @returns {Watched | null}
   */
  find(url, method) {
    const isSocket = SOCKETS.includes(url.protocol);
    const paths = pathsOf(url.pathname);
    const isWanted = (/** @type {Watched} */ { request, path }) => (request.transport === "websocket") === isSocket && (isSocket || request.method === method) && paths.some((one) => path.test(one));
    for (const name of namesOf(url.hostname.replace(/\.$/, ""))) {
      const found = this.byHost.get(name)?.find(isWanted);
      if (found) return found;
    }
    return null;
  }
}

/**
 * Return what servers may make of a path: `%63` is `c` to them, `//` may be `/`, and a last stroke may be none.
 *
 * @param {string} pathname
 */
function pathsOf(pathname) {
  let decoded = pathname;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    // no text in disguise then
  }
  const plain = decoded.replace(/\/{2,}/g, "/");
  return [pathname, plain, plain.replace(/\/$/, "")];
}

/**
 * Return a host and everything it may be listed below.
 *
 * @param {string} host
 */
function namesOf(host) {
  const names = [host, `.${host}`];
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) names.push(host.slice(dot));
  return names;
}

/**
 * Return the pattern of the whole host: somebody comes to the part of a site that is a chat without a page being loaded.
 *
 * @param {string} pattern
 */
export const siteOf = (pattern) => pattern.replace(/^(https:\/\/[^/]+)\/.*$/, "$1/*");

/**
 * Whether a page is one of a match pattern's.
 *
 * @param {string} pattern
 * @param {URL} page
 */
export const isOn = (pattern, page) => namesOf(page.hostname).includes(hostOf(pattern)) && page.pathname.startsWith(`/${pattern.split("/").slice(3).join("/").replace(/\*$/, "")}`);

/**
 * Whether a page is where one of these adapters watches it: all of a site, but where they name a part of it.
 *
 * @param {Adapter[]} adapters
 * @param {URL} page
 */
export function isCovered(adapters, page) {
  const patterns = adapters.flatMap(({ match }) => match).filter((pattern) => namesOf(page.hostname).includes(hostOf(pattern)));
  return !patterns.length || patterns.some((pattern) => isOn(pattern, page));
}

/**
 * Return the host of a match pattern; `*.` in front becomes a full stop.
 *
 * @param {string} pattern
 */
const hostOf = (pattern) => (pattern.split("/")[2] ?? "").replace(/^\*/, "");

/**
 * In a path, `*` is any one part and `**` is any number of them.
 *
 * @param {string} path
 */
function pathOf(path) {
  const source = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*\*?/g, (stars) => (stars.length > 1 ? ".*" : "[^/]*"));
  return new RegExp(`^${source}$`, "u");
}
