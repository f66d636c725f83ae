// Says times in the reader's own zone, and how long ago that is.
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const REFRESH_MS = 10_000;
/** @type {[number, number, Intl.RelativeTimeFormatUnit][]} */
const STEPS = [[MINUTE, 1, "second"], [HOUR, MINUTE, "minute"], [DAY, HOUR, "hour"], [Infinity, DAY, "day"]];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const shortClock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dateAndYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const zone = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" });

/**
 * Return a time as `17:46:12 CST`, with the day in front when it is not today.
 * @param {Date} at
 * @param {Date} now
 */
export function absolute(at, now) {
  const name = zone.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
  const hour = `${clock.format(at)} ${name}`;
  if (at.toDateString() === now.toDateString()) return hour;
  const day = at.getFullYear() === now.getFullYear() ? date : dateAndYear;
  return `${day.format(at)}, ${hour}`;
}

/**
 * Return how long ago a time is, or how soon it will be: `3 minutes ago`.
 * @param {Date} at
 * @param {Date} now
 */
export function ago(at, now) {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const [, size, unit] = STEPS.find(([below]) => Math.abs(seconds) < below) ?? [0, DAY, /** @type {const} */ ("day")];
  return Math.abs(seconds) < 2 ? "now" : relative.format(Math.trunc(seconds / size), unit);
}

/**
 * Rewrite every time below a node; a short one stands beside another that has zone and day.
 * @param {ParentNode} root
 */
export function localise(root) {
  const now = new Date();
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    if (time.dataset.short !== undefined) {
      time.textContent = shortClock.format(at);
      continue;
    }
    const words = [["clock", absolute(at, now)], ["ago", ago(at, now)]];
    time.replaceChildren(...words.flatMap(([name = "", text = ""], place) => {
      const made = document.createElement("span");
      made.className = name;
      made.textContent = text;
      return place ? [" ", made] : [made];
    }));
  }
}

localise(document);
setInterval(() => localise(document), REFRESH_MS);
