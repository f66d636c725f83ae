/**
 * Runs before start.js: on a site of which only a part is a chat, our scripts sleep until somebody comes to
 * that part, or until the page sends to where prompts go. Classic, as what it wakes is.
 */
(() => {
  const here = () => (location.hostname ? location : new URL(document.referrer || "https://unknown.invalid"));
  const part = globalThis.quillgateParts?.[here().hostname];
  /** In an address, `*` is any one part and `**` is any number of them, as in leaving/addresses.js. @param {string} address */
  const pattern = (address) => {
    const source = address.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*\*?/g, (stars) => (stars.length > 1 ? ".*" : "[^/]*"));
    return new RegExp(`^${source}(\\?|#|$)`, "u");
  };
  const addresses = part?.requests.map(pattern) ?? [];
  /** What a server makes of an address: `%63` is `c` to it, and `//` may be `/`. @param {string} url */
  const plain = (url) => {
    try {
      return decodeURI(url).replace(/(?<!:)\/{2,}/g, "/");
    } catch {
      return url;
    }
  };
  /** @type {() => void} */
  let wake = () => undefined;

  /** Whether somebody is in the part that is a chat; elsewhere the whole site is. */
  const isInside = () => !part || part.paths.some((path) => here().pathname.startsWith(path));
  const look = () => isInside() && wake();

  const covered = {
    isAwake: false,
    /** @type {Promise<void>} */
    awake: new Promise((resolve) => {
      wake = () => {
        covered.isAwake = true;
        navigation.removeEventListener("currententrychange", look);
        resolve();
      };
    }),
    /**
     * Wake up where a request goes to where prompts go; return whether we are awake.
     *
     * @param {string} url
     */
    isAbout: (url) => {
      if (!covered.isAwake && addresses.some((address) => address.test(plain(url)))) wake();
      return covered.isAwake;
    },
  };
  globalThis.quillgateCovered = covered;
  navigation.addEventListener("currententrychange", look);
  look();
})();
