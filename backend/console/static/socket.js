// Keeps one push socket open. It only says that something happened: what, is fetched.

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;
const SUBPROTOCOL = "quillgate.v1";
const STOP_FROM = 4500;
const BAD_TOKEN = 4500;

/**
 * @typedef {object} Listener
 * @property {() => void} live            subscribed; from here on nothing is missed
 * @property {(event: {submission_id: string}) => void} happened
 * @property {() => void} lost            not connected; it tries again by itself
 * @property {() => void} stopped         the server does not want this socket
 * @property {() => void} signedOut
 */

/**
 * @param {string} address
 * @param {string} tokenHref
 * @param {string | null} client   one client, or null for all
 * @param {Listener} listener
 */
export function listen(address, tokenHref, client, listener) {
  let delay = FIRST_DELAY_MS;
  /** The next try, while none is under way. */
  let timer = 0;

  async function token() {
    const answer = await fetch(tokenHref, { method: "POST", headers: { Accept: "application/json" } });
    if (answer.status === 401) {
      listener.signedOut();
      return null;
    }
    if (!answer.ok) throw new Error("no token");
    return /** @type {string} */ ((await answer.json()).access_token);
  }

  async function connect() {
    timer = 0;
    const access = await token().catch(() => null);
    if (access === null) {
      again();
      return;
    }
    const socket = new WebSocket(new URL(address, location.href.replace(/^http/, "ws")), SUBPROTOCOL);
    const hello = { token: access, client_version: "console", subs: [{ ch: "feed", client }] };
    socket.addEventListener("open", () => socket.send(JSON.stringify({ t: "hello", d: hello })));
    socket.addEventListener("message", ({ data }) => handle(socket, JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => (code >= STOP_FROM && code !== BAD_TOKEN ? listener.stopped() : again()));
  }

  /**
   * @param {WebSocket} socket
   * @param {{t: string, d: any}} message
   */
  async function handle(socket, message) {
    if (message.t === "welcome") {
      delay = FIRST_DELAY_MS;
      listener.live();
    } else if (message.t === "feed.event") listener.happened(message.d);
    else if (message.t === "ping") socket.send(JSON.stringify({ t: "pong" }));
    else if (message.t === "auth.refresh") {
      const fresh = await token().catch(() => null);
      if (fresh) socket.send(JSON.stringify({ t: "auth.refresh", d: { token: fresh } }));
      else socket.close();
    }
  }

  function again() {
    listener.lost();
    timer = setTimeout(connect, Math.random() * delay);
    delay = Math.min(delay * 2, LONGEST_DELAY_MS);
  }

  /** Whoever comes back to the page does not wait for the next try. */
  function comeBack() {
    if (document.visibilityState !== "visible" || !timer) return;
    clearTimeout(timer);
    timer = 0;
    connect();
  }

  document.addEventListener("visibilitychange", comeBack);
  connect();
}
