import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, normalise } from "../../../extension/src/detection/normalise.js";

test("plain ASCII passes untouched and needs no origins", () => {
  assert.deepEqual(normalise("order 66\n"), { text: "order 66\n", starts: null, ends: null, changed: null, isJoined: false });
});

test("what hides a digit is undone and each character knows where it came from", () => {
  const { text, starts } = normalise("1\u200b２\u00a0٣\u2011½");
  assert.equal(text, "12 3-1\u20442");
  assert.deepEqual(Array.from(starts ?? []), [0, 2, 3, 4, 5, 6, 6, 6]);
});

test("origins count code points, not UTF-16 units", () => {
  const { starts } = normalise("😀1");
  assert.deepEqual(Array.from(starts ?? []), [0, 0, 1]);
});

test("a look-alike letter becomes Latin only beside Latin letters or digits", () => {
  assert.equal(normalise("АКIA молоко Р1").text, "AKIA молоко P1");
});

test("every decimal digit of Unicode becomes the ASCII digit of its value", () => {
  const digits = Array.from({ length: 0x110000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((character) => /\p{Nd}/u.test(character));
  assert.equal(digits.length % 10, 0);
  assert.equal(digits.map((digit) => normalise(`${digit}\u200b`).text).join(""), "0123456789".repeat(digits.length / 10));
});

test("lower case keeps every position", () => {
  assert.equal(folded("İSTANBUL İ9").length, "İSTANBUL İ9".length);
  assert.equal(folded("ABC"), "abc");
});
