// What the shared rule data says, for the twins' own tests.
import { readdirSync, readFileSync } from "node:fs";

const root = new URL("../../../shared-rules/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, root), "utf8"));

/** All rules, and what stands beside them, as a server sends them. */
export const rulebook = { ...read("rulebook.json"), phones: read("phones.json"), model: read("model.json") };
export const vectors = (folder) => readdirSync(new URL(`vectors/${folder}/`, root)).flatMap((name) => read(`vectors/${folder}/${name}`));

/** A rule that finds `pattern` and asks nothing more; `differing` says what is special about it. */
export const makeRule = (differing) => ({
  id: "made-up", type: "MADE_UP", category: "pii", family: "other", severity: "low", recognizer: "pattern", pattern: "[0-9]{4}", ignore_case: false,
  boundary: "digit", keywords: [], literals: [], least_digits: 0, validator: null, entropy: null, randomness: null, stop_words: [], confidence: 0.6,
  confidence_with_context: 0.9, context: { need: "none", words: [], within: 60, edges: "whole" }, ...differing,
});
export const makeRulebook = (...rules) => ({ format: 1, version: "made-up", rules });
