import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "../../../../extension/bundled/adapters.js";
import { usable } from "../../../../extension/src/leaving/adapters.js";

const [FIRST] = bundled;
const changed = (more) => ({ ...structuredClone(FIRST), ...more });

test("what this copy came with is understood whole", () => {
  assert.deepEqual(usable(bundled), bundled);
});

test("a newer version of an adapter takes the place of the older one", () => {
  assert.deepEqual(usable([changed({ v: 99 })]).map(({ v }) => v), [99]);
});

for (const [what, adapter] of [
  ["a field nobody knows", changed({ script: "alert(1)" })],
  ["a choice that is not built in", changed({ replace: "eval" })],
  ["a request with a field nobody knows", changed({ requests: [{ ...FIRST.requests[0], code: "x" }] })],
  ["a request without texts", changed({ requests: [{ ...FIRST.requests[0], text: "prompt" }] })],
])
  test(`an adapter with ${what} is refused, and the one of this copy is used`, () => {
    assert.deepEqual(usable([adapter]), [FIRST]);
  });

test("what is no list of adapters is none", () => {
  assert.deepEqual(usable("all of them"), []);
  assert.deepEqual(usable([null, 7, { id: "nobody-knows-it", extra: 1 }]), []);
});
