import assert from "node:assert/strict";
import { test } from "node:test";
import { rulebook } from "../shared.mjs";

globalThis.window = globalThis;
globalThis.top = globalThis;
globalThis.location = new URL("https://chatgpt.com/");
// Nobody waits for a timer that nobody waits for.
const { setTimeout: later } = globalThis;
globalThis.setTimeout = (call, milliseconds, ...more) => {
  const timer = later(call, milliseconds, ...more);
  return milliseconds > 1000 ? timer.unref() : timer;
};
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

const POLICY = { version: 1, etag: "p1", document: { name: "p", categories: { phi: { action: "block" }, pii: { action: "warn" }, secret: { action: "block" } } } };
const LINES = [
  "Nothing else is in this note.", "Write to ann@example.org about lunch \u{1f600}.", "Patient: Maria Gonzalez, DOB 03/14/1962, MRN 00482913", "SSN 536-90-4399",
  "IBAN GB82 WEST 1234 5698 7654 32", "call (415) 555-0132", "const total = rows.map(({ price }) => price).reduce((a, b) => a + b, 0);",
];

/** A text of many lines; every `rarely`th of them, more or less, is one with something in it. */
function made(seed, length, rarely) {
  let number = seed;
  const next = (below) => (number = (number * 48_271) % 2_147_483_647) % below;
  const lines = [];
  for (let size = 0; size < length; size += lines.at(-1).length + 1) lines.push(next(rarely) ? LINES[0] : LINES[next(LINES.length)]);
  return lines.join("\n");
}

const rulesOf = (known) => (known.obey({ ...RULES, policy: POLICY, rulebook }), known);

test("a long text looked through in pieces has the verdict it has as a whole", async () => {
  for (const [seed, length, rarely] of [[1, 40_000, 1], [2, 90_000, 3], [3, 70_000, 200], [4, 70_000, 5_000]]) {
    const text = made(seed, length, rarely);
    const [inPieces, asWhole] = [rulesOf(new Known()), rulesOf(new Known())];
    assert.equal(inPieces.isQuick(text, "typed"), false);
    await inPieces.prepare(text, "typed");
    assert.equal(inPieces.isQuick(text, "typed"), true);
    const { word: _, ...found } = inPieces.judge(text, "typed");
    const { word: __, ...wanted } = asWhole.judge(text, "typed");
    assert.deepEqual(found, wanted);
  }
});

test("who asks for the same text meanwhile has it looked through once, and a short one is not looked through", async () => {
  const known = rulesOf(new Known());
  const text = made(5, 40_000, 50);
  assert.equal(known.prepare(text, "typed"), known.prepare(text, "typed"));
  await known.prepare(text, "typed");
  assert.equal(known.isQuick(text, "pasted"), false);
  assert.equal(known.isQuick("a short text", "typed"), true);
});

test("what rules of before found is not the verdict of new ones", async () => {
  const known = rulesOf(new Known());
  const text = made(6, 40_000, 50);
  const looking = known.prepare(text, "typed");
  known.obey({ ...RULES, policy: { ...POLICY, version: 2, etag: "p2" }, rulebook });
  await looking;
  assert.equal(known.isQuick(text, "typed"), false);
});
