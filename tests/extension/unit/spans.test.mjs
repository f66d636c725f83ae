import assert from "node:assert/strict";
import { test } from "node:test";
import { toCodePoints, toUtf16, windowAround, withoutOverlaps } from "../../../extension/src/detection/spans.js";

const TEXT = "a😀b\u{10330}c\ud800d";

test("code points turn into UTF-16 offsets and back", () => {
  const points = toCodePoints(TEXT);
  for (let start = 0; start <= [...TEXT].length; start += 1) {
    const [unit] = toUtf16(TEXT, start, start);
    assert.equal(points(unit), start);
    assert.equal(TEXT.slice(unit), [...TEXT].slice(start).join(""));
  }
});

test("the surest of two overlapping findings stays, then the longest, then the first", () => {
  const of = (rule, start, end, confidence) => ({ rule, start, end, confidence });
  const kept = (...findings) => withoutOverlaps(findings).map(({ rule }) => rule);
  assert.deepEqual(kept(of("a", 0, 9, 0.6), of("b", 4, 6, 0.9)), ["b"]);
  assert.deepEqual(kept(of("a", 0, 4, 0.9), of("b", 2, 9, 0.9)), ["b"]);
  assert.deepEqual(kept(of("b", 3, 7, 0.9), of("a", 0, 4, 0.9), of("c", 7, 9, 0.5)), ["a", "c"]);
  assert.deepEqual(kept(of("b", 0, 4, 0.9), of("a", 0, 4, 0.9)), ["a"]);
});

test("a window ends at white space and holds the change", () => {
  const text = "word ".repeat(4000);
  const [start, end] = windowAround(text, 10_003, 10_007);
  assert.ok(start <= 10_003 - 768 && end >= 10_007 + 768 && end - start < 1600);
  assert.equal(text[start], " ");
  assert.equal(text[end], " ");
});
