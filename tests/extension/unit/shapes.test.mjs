import assert from "node:assert/strict";
import { test } from "node:test";
import { limitsOf, SIGNS } from "../../../extension/src/detection/shapes.js";
import { rulebook, vectors } from "./shared.mjs";

const limits = (pattern) => {
  const { longest, digits, signs } = limitsOf(pattern);
  return [longest, digits, signs];
};

test("digits that stand together count by the branch with fewest", () => {
  assert.deepEqual(limits("[0-9]{3}-?[0-9]{4}"), [16, 4, []]);
  assert.deepEqual(limits("[0-9]{3}[0-9]{0,2}[12]|x[0-9]{8}"), [16, 4, []]);
  assert.deepEqual(limits("(?:[0-9]{3}|x){2,4}y"), [16, 0, []]);
});

test("a sign counts that every branch holds", () => {
  assert.deepEqual(limits("a:b|[0-9]{1,20}:c"), [32, 0, [2]]);
  assert.deepEqual(limits("a:b|c"), [16, 0, []]);
  assert.deepEqual(limits("(?:[0-9]\\.){2}[0-9]|v[0-9]\\.[0-9.]{0,3}[0-9]"), [16, 1, [0]]);
  assert.deepEqual(limits("[0-9]\\.?[0-9]"), [16, 1, []]);
});

test("nothing is said of what our dialect has not", () => {
  for (const pattern of ["a+b", "[0-9]*x", "(?=[0-9])b", "[0-9].", "a{2,}"]) assert.deepEqual(limits(pattern), [Infinity, 0, []]);
});

test("what the rules' own examples match is within the limits of their patterns", () => {
  const rules = rulebook.rules.filter(({ recognizer }) => recognizer === "pattern");
  const texts = vectors("detection").map(({ text }) => text);
  let matches = 0;
  for (const rule of rules.filter((_, index) => index % 8 === 0)) {
    const { longest, digits, signs } = limitsOf(rule.pattern);
    for (const [match] of texts.join("\n").matchAll(new RegExp(rule.pattern.replace(/\\(["'`~!@#%&=:;,<> _])/g, "$1"), `gu${rule.ignore_case ? "i" : ""}`))) {
      matches += 1;
      assert.ok(match.length <= longest && new RegExp(`[0-9]{${digits}}`).test(match) && signs.every((sign) => match.search(SIGNS[sign]) >= 0), rule.id);
    }
  }
  assert.ok(matches > 1000);
});
