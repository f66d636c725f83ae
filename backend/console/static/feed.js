// Keeps the violation feed live: the socket says when, the server says what.
import { renew, tellSignedOut } from "./fragments.js";
import { listen } from "./socket.js";
import { absolute } from "./times.js";

const box = element("violations");
const state = element("state");
const pause = element("pause");
const news = element("news");
const gap = element("gap");
const { href = "", socket = "", token = "", client = "" } = box.dataset;
const AT_MOST_EVERY_MS = 400;
const ALSO_EVERY_MS = 30_000;
const AFTER_WELCOME_MS = 2000;
const WORDS = { connecting: "Connecting …", live: "Live", delayed: "Delayed: reconnecting …", stopped: "Stopped: reload the page" };
/** @type {keyof typeof WORDS} */
let connection = "connecting";
/** Violations heard of while the feed is paused. */
const waiting = new Set();
let isPaused = false;
/** @type {Date | null} */
let lostAt = null;
let isRenewing = false;
let isStale = false;
let renewedAt = 0;

/** @param {string} id */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

function showState() {
  const isLive = connection === "live";
  state.dataset.state = isPaused && isLive ? "paused" : connection;
  state.textContent = isPaused && isLive ? `Paused, ${waiting.size || "nothing"} new` : WORDS[connection];
}

function rows() {
  return /** @type {HTMLElement[]} */ ([...box.querySelectorAll("#feed > li")]);
}

/** Fetch now, or as soon as the last fetch is over and a little while has passed. */
async function refresh() {
  isStale = true;
  if (isRenewing || isPaused || document.visibilityState !== "visible") return;
  isRenewing = true;
  const pauseMs = renewedAt + AT_MOST_EVERY_MS - performance.now();
  if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  isStale = false;
  const before = new Map(rows().map((row) => [row.dataset.key, row.dataset.count]));
  if (await renew(box, href)) tell(rows().filter((row) => before.get(row.dataset.key) !== row.dataset.count));
  renewedAt = performance.now();
  isRenewing = false;
  if (isStale) refresh();
}

/**
 * Mark what is new, and say it to people who do not see it.
 * @param {HTMLElement[]} fresh
 */
function tell(fresh) {
  if (lostAt && connection === "live") closeGap(lostAt, fresh.length);
  const newest = fresh[0];
  if (!newest) return;
  for (const row of fresh) row.classList.add("new");
  const words = [".action", ".what strong", ".outcome span"].map((place) => newest.querySelector(place)?.textContent);
  news.textContent = `${fresh.length === 1 ? "New violation" : `${fresh.length} new violations, the newest`}: ${words.join(", ")}`;
}

/**
 * Say since when and until when the feed was not live, and that nothing is missing.
 * @param {Date} from
 * @param {number} count
 */
function closeGap(from, count) {
  const now = new Date();
  gap.textContent = `Not live from ${absolute(from, now)} to ${absolute(now, now)}. What happened meanwhile was fetched afterwards: ${count || "nothing"} new.`;
  gap.hidden = false;
  lostAt = null;
}

pause.hidden = false;
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  waiting.clear();
  pause.setAttribute("aria-pressed", String(isPaused));
  pause.textContent = isPaused ? "Continue" : "Pause";
  showState();
  if (!isPaused) refresh();
});

document.addEventListener("visibilitychange", () => isStale && refresh());

showState();
setInterval(refresh, ALSO_EVERY_MS);
listen(socket, token, client || null, {
  live() {
    connection = "live";
    showState();
    refresh();
    // The welcome comes just before the subscription: look again once that stands for certain.
    setTimeout(refresh, AFTER_WELCOME_MS);
  },
  happened(event) {
    waiting.add(event.submission_id);
    if (isPaused) showState();
    else refresh();
  },
  lost() {
    if (connection === "live") lostAt = new Date();
    connection = "delayed";
    showState();
  },
  stopped() {
    connection = "stopped";
    showState();
  },
  signedOut: tellSignedOut,
});
