import assert from "node:assert/strict";
import { test } from "node:test";
import { Automaton } from "../../../extension/src/detection/automaton.js";

const occurrences = (literals, text) =>
  literals.flatMap((literal, number) => [...text].flatMap((_, start) => (text.startsWith(literal, start) ? [`${number} ${start} ${start + literal.length}`] : []))).sort();

function scanned(literals, text) {
  const found = [];
  new Automaton(literals).scan(text, (...occurrence) => found.push(occurrence.join(" ")));
  return found.sort();
}

test("literals inside and across each other are all found", () => {
  const literals = ["he", "she", "his", "hers", "e", "ushers"];
  assert.deepEqual(scanned(literals, "ushers, his heshe"), occurrences(literals, "ushers, his heshe"));
});

test("every text over two letters gives what a search for each literal gives", () => {
  const literals = ["a", "ab", "bab", "bc", "bca", "c", "caa", "aaaa"];
  for (let number = 0; number < 3 ** 8; number += 1) {
    const text = number.toString(3).padStart(8, "0").replace(/0/g, "a").replace(/1/g, "b").replace(/2/g, "c");
    assert.deepEqual(scanned(literals, text), occurrences(literals, text));
  }
});

test("characters no literal uses end a literal", () => {
  assert.deepEqual(scanned(["número"], "n-úmero número"), ["0 8 14"]);
});

test("no literals find nothing", () => {
  assert.deepEqual(scanned([], "text"), []);
});
