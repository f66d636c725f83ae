import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.chrome = { runtime: { id: "quillgate" } };
globalThis.HTMLTextAreaElement = class {
  isConnected = true;
  value = "a text";
  getBoundingClientRect = () => ({});
};
const { Hinting } = await import("../../../../extension/src/content/hinting.js");

/** A page whose text holds these types now, and what its hint showed one after the other. */
let page;
beforeEach(() => {
  page = { types: [], shown: [], editor: new HTMLTextAreaElement() };
  const judge = () => ({ action: page.types.length ? "block" : "allow", to_redact: page.types.map((_, position) => position), findings: page.types.map((type) => ({ type })) });
  const notes = { showHint: (types) => page.shown.push(types.join()), hideHint: () => page.shown.push("away") };
  page.guard = { isBusy: false, channel: "typed", whole: (text) => text, panel: { notes }, known: { rules: {}, isCovered: true, judge, isQuick: () => true } };
  page.hinting = new Hinting(page.guard);
});
const holds = (...types) => {
  page.types = types;
  page.hinting.look(page.editor);
};

test("the same findings are hinted at once, however often the hands rest", () => {
  holds("US_SSN", "PERSON");
  holds("PERSON", "US_SSN", "PERSON");
  assert.deepEqual(page.shown, ["US_SSN,PERSON"]);
});

test("a finding more is said, and what is taken out takes the hint away", () => {
  holds("PERSON");
  holds("PERSON", "US_SSN");
  holds();
  holds("PERSON");
  assert.deepEqual(page.shown, ["PERSON", "PERSON,US_SSN", "away", "PERSON"]);
});

test("once a text is sent the same may be said of the next", () => {
  holds("PERSON");
  page.hinting.forget();
  holds("PERSON");
  assert.deepEqual(page.shown, ["PERSON", "away", "PERSON"]);
});

test("nothing is hinted while a panel is open, or where no rules are in force", () => {
  page.guard.isBusy = true;
  holds("PERSON");
  page.guard.isBusy = false;
  page.guard.known.isCovered = false;
  holds("PERSON");
  assert.deepEqual(page.shown, []);
});
