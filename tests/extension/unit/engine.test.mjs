import assert from "node:assert/strict";
import { test } from "node:test";
import { Detector } from "../../../extension/src/detection/engine.js";
import { Where } from "../../../extension/src/detection/where.js";
import { mask, redact } from "../../../extension/src/detection/masking.js";
import { makeRule, makeRulebook, rulebook, vectors } from "./shared.mjs";

const detector = new Detector(rulebook);
const texts = vectors("detection").map(({ text }) => text);
/** Stands in for `Where.prototype.of`: no part of a text is left out. */
function everywhere() {
  return [[0, this.text.length]];
}
const found = (rule, text) => new Detector(makeRulebook(makeRule(rule))).detect(text).map(({ start, end }) => text.slice(start, end));

test("literals a pattern must hold change no answer", () => {
  const some = texts.filter((_, index) => index % 5 === 0);
  const quick = some.map((text) => detector.detect(text));
  const searching = new Detector(rulebook);
  searching.ungated = rulebook.rules.flatMap(({ keywords, topic }, number) => (keywords.length || topic ? [] : [number]));
  const { has, of } = Where.prototype;
  Where.prototype.has = () => true;
  Where.prototype.of = everywhere;
  try {
    some.forEach((text, number) => assert.deepEqual(searching.detect(text), quick[number]));
  } finally {
    Object.assign(Where.prototype, { has, of });
  }
});

test("lines and words that a rule is not tried on change no answer", () => {
  const shuffled = texts.map((text, index) => ({ text, place: (index * 7919) % texts.length })).sort((one, other) => one.place - other.place);
  const long = Array.from({ length: 6 }, (_, part) => shuffled.slice(part * 300, part * 300 + 300).map(({ text }, index) => text + ["\n", " ", "\r\n", "; "][(part + index) % 4]).join(""));
  const short = Array.from({ length: 120 }, (_, part) => shuffled.slice(part * 12, part * 12 + 12).map(({ text }) => text).join(part % 2 ? "\n" : " "));
  const table = `name,mrn,visit\n${Array.from({ length: 500 }, (_, row) => `Maki Jodelle,${200000 + row * 97},3/4/2025\n`).join("")}`;
  const every = [...long, ...short, table];
  const quick = every.map((text) => detector.detect(text));
  assert.equal(quick.at(-1)?.filter(({ type }) => type === "MEDICAL_RECORD_NUMBER").length, 500);
  const { of } = Where.prototype;
  let left = 0;
  Where.prototype.of = function counting(...given) {
    left += this.text.length - of.apply(this, given).reduce((sum, [start, end]) => sum + end - start, 0);
    return everywhere.apply(this);
  };
  try {
    assert.deepEqual(every.map((text) => detector.detect(text)), quick);
  } finally {
    Where.prototype.of = of;
  }
  assert.ok(left > long.join("").length * 10); // many rules left out most of it
});

test("a value behind other digits is found in a long text as in a short one", () => {
  const line = "The roses by the gate want water twice a week, and the hedge is too high.\n";
  const long = `${line.repeat(150)}row 1 2 12345678Z\n${line.repeat(150)}`;
  assert.deepEqual(detector.detect(long).map(({ rule }) => rule), ["es-dni"]);
});

test("characters beyond the basic plane count as one, in spans and in reach", () => {
  const rule = makeRule({ context: { need: "word", words: ["case"], within: 7 } });
  const [finding] = new Detector(makeRulebook(rule)).detect("case 😀😀😀😀😀 1234");
  assert.deepEqual([finding?.start, finding?.end, finding?.context], [11, 15, "case"]);
  assert.deepEqual(found({ context: { need: "word", words: ["case"], within: 5 } }, "case 😀😀😀😀 1234"), []);
});

test("boundaries look at both ends of the whole match", () => {
  assert.deepEqual(found({}, "12345 1234"), ["1234"]);
  assert.deepEqual(found({ boundary: "word" }, "x1234 _1234 1234"), ["1234"]);
  assert.deepEqual(found({ boundary: "none" }, "12345678"), ["1234", "5678"]);
});

test("a capturing group is the value and the search goes on behind the whole match", () => {
  assert.deepEqual(found({ pattern: "id ([0-9]{4}) end", boundary: "none" }, "id 1234 end id 5678 end"), ["1234", "5678"]);
});

test("stop words, entropy and doubt each drop a match", () => {
  assert.deepEqual(found({ stop_words: ["99"] }, "1299 1234"), ["1234"]);
  assert.deepEqual(found({ entropy: 1.5 }, "1111 1234"), ["1234"]);
  assert.deepEqual(found({ confidence: 0.4 }, "1234"), []);
});

test("a label stands directly before the match, with filler only", () => {
  const context = { need: "label", words: ["room"], within: 60 };
  assert.deepEqual(found({ context }, "room no. is: 1234; room for rent 5678"), ["1234"]);
});

test("a redacted text holds none of the findings that were redacted", () => {
  for (const text of texts) {
    const before = detector.detect(text);
    const values = before.map(({ start, end }) => [...text].slice(start, end).join(""));
    const after = redact(text, before);
    assert.equal(after.match(/\[[A-Z0-9_]+_[0-9]+\]/g)?.length ?? 0, before.length);
    for (const value of values) if (value.length > 6 && text.split(value).length === 2) assert.ok(!after.includes(value));
  }
});

test("a mask names the rule", () => {
  const [finding] = detector.detect("SSN: 536-22-8726");
  assert.equal(finding && mask(finding), "[us-ssn]");
});

test("looking again at a short text is looking at all of it", () => {
  const text = "SSN 536-22-8726 and more";
  assert.deepEqual(detector.detectWindow(text, 4, 5), { start: 0, end: text.length, findings: detector.detect(text) });
});

test("looking again at a long text finds what is near the change, where it stands", () => {
  const text = `${"😀 plain words ".repeat(900)}SSN 536-22-8726 ${"more words ".repeat(900)}`;
  const at = text.indexOf("536");
  const { start, end, findings } = detector.detectWindow(text, at, at + 11);
  assert.deepEqual(findings, detector.detect(text));
  assert.ok(start > 0 && end < [...text].length);
});

test("200,000 characters made to be slow are judged within seconds", () => {
  const pieces = ["1", "1-", "a", "a.", "a@", "A1", "1 ", "api_key=", "patient name: ", "Dr Abc ", "eyJ", "eyJa.", "-----BEGIN ", "ssn ", "😀 ssn 536-22-8726 ", "+1 (", "\u200b1"];
  for (const piece of pieces) {
    const text = piece.repeat(Math.ceil(200_000 / piece.length)).slice(0, 200_000);
    const began = performance.now();
    detector.detect(text);
    assert.ok(performance.now() - began < 3000, piece);
  }
});
