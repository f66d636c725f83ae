import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window = globalThis;
globalThis.top = globalThis;
const { Known } = await import("../../../../extension/src/content/known.js");

const RULES = { policy: { version: 1, etag: "p1" }, rulebook: { format: 1, version: "r1", rules: [] }, services: [], adapters: [], exemptions: [], custom: null };
const state = (differing) => ({ t: "state", state: "protected", hasRules: true, canStop: false, now: Date.now(), ...differing });
const isSettled = (promise) => Promise.race([promise.then(() => true), new Promise((resolve) => setTimeout(resolve, 20, false))]);

test("a frame that hears of the state before it has the rules waits for them", async () => {
  const known = new Known();
  const ready = known.ready();
  known.hear(state());
  assert.equal(await isSettled(ready), false);
  assert.equal(await isSettled(known.ready()), false);
  known.obey(RULES);
  assert.equal(await isSettled(ready), true);
});

test("where there are no rules to come nobody waits for them", async () => {
  const known = new Known();
  const ready = known.ready();
  known.hear(state({ state: "degraded", hasRules: false }));
  assert.equal(await isSettled(ready), true);
});
