import assert from "node:assert/strict";
import { test } from "node:test";
import { foundIn } from "../../../../extension/src/content/pieces.js";

/** Finds runs of eight digits, in code points. */
const detect = (piece) => {
  let [points, last] = [0, 0];
  const findings = [...piece.matchAll(/[0-9]{8}/g)].map(({ index }) => {
    points += [...piece.slice(last, index)].length;
    last = index;
    return { rule: "r", start: points, end: points + 8 };
  });
  return { findings, isFinished: true };
};
const starts = ({ findings }) => findings.map(({ start }) => start);

test("a long text is found in as if it were one piece, each finding once, in code points", async () => {
  for (const filling of ["a😀b c\n", "😀".repeat(50), "x".repeat(300)]) {
    const text = Array.from({ length: Math.ceil(30_000 / filling.length) }, (_, n) => `${filling.repeat(1 + (n % 5))} ${10000000 + n} `).join("");
    assert.ok(text.length > 60_000);
    assert.deepEqual(starts(await foundIn(text, detect)), starts(detect(text)));
  }
});

test("what stands across a cut is found", async () => {
  const text = `${"x".repeat(16 * 1024 - 4)}12345678${"x".repeat(70_000)}`;
  assert.deepEqual(starts(await foundIn(text, detect)), [16 * 1024 - 4]);
});

test("a text that takes too long is not called whole, one with very much in it is", async () => {
  const long = "x".repeat(300_000);
  assert.equal((await foundIn(long, detect, -1)).isWhole, false);
  const many = await foundIn("12345678 ".repeat(40_000), detect);
  assert.deepEqual([many.findings.length, many.isWhole], [5000, true]);
});

test("nothing is still looked at once", async () => {
  assert.deepEqual(await foundIn("", detect), { findings: [], isFinished: true, isWhole: true });
});

test("the head of a table names its columns in every piece, and what stands in it is found once", async () => {
  const rows = Array.from({ length: 4000 }, (_, n) => `Ann Lee 😀,${10000000 + n},rome\n`).join("");
  const named = (piece) => (piece.includes("name,12345678,town") ? detect(piece) : { findings: [], isFinished: true });
  const text = `name,12345678,town\n${rows}`;
  assert.equal(starts(await foundIn(text, named)).length, 4001);
  assert.deepEqual(starts(await foundIn(text, named)), starts(detect(text)));
  assert.equal(starts(await foundIn(text.replaceAll("\n", " "), named)).length < 2000, true);
});
