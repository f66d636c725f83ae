import assert from "node:assert/strict";
import { test } from "node:test";
import { Places } from "../../../extension/src/detection/places.js";

test("a word is noted where it is whole, another literal wherever it stands, and a third as being there", () => {
  const places = new Places(["he", "sk_", "ab"], new Set(["he", "sk_"]), new Set(["sk_"]), () => "");
  places.look("he, she, task_he ab");
  assert.deepEqual(places.found, [0, 1, 2]);
  assert.deepEqual([0, 1, 2, undefined].map((number) => places.of(number)), [[0, 14], [11], [], []]);
});

test("of the text before nothing is left", () => {
  const places = new Places(["he", "ab"], new Set(["he", "ab"]), new Set(), () => "");
  places.look("he ab");
  places.look("ab");
  assert.deepEqual([places.found, places.of(0), places.of(1)], [[1], [], [0]]);
});
