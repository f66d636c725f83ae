import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { hearTime, now } from "../../../extension/src/policy/now.js";

const { now: ownClock } = Date;
afterEach(() => (Date.now = ownClock));
const isAbout = (moment, wanted) => assert.ok(Math.abs(moment - wanted) < 1000, `${moment} is not ${wanted}`);

test("a clock that is set while a page is open neither prolongs an exception nor ends a stop", () => {
  const hour = 3_600_000;
  isAbout(now(), ownClock());
  Date.now = () => ownClock() - 2 * hour;
  isAbout(now(), ownClock());
  Date.now = () => ownClock() + 2 * hour;
  isAbout(now(), ownClock());
});

test("the server's time is what counts where this machine's is wrong", () => {
  hearTime(Date.parse("2026-11-20T10:00:00Z"));
  isAbout(now(), Date.parse("2026-11-20T10:00:00Z"));
});
