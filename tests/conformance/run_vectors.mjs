// Runs every shared vector through the JavaScript twins and prints the names of those that differ.
import { readdirSync, readFileSync } from "node:fs";
import { Detector } from "../../extension/src/detection/engine.js";
import { redact } from "../../extension/src/detection/masking.js";
import { rulebook } from "../extension/unit/shared.mjs";
import { decide } from "../../extension/src/policy/decide.js";

const shared = new URL("../../shared-rules/", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, shared), "utf8"));
const vectors = (folder) =>
  readdirSync(new URL(`vectors/${folder}/`, shared))
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => read(`vectors/${folder}/${name}`));
const detector = new Detector(rulebook);
const different = [];
const counts = {};

function compare(kind, name, given, expected) {
  counts[kind] = (counts[kind] ?? 0) + 1;
  const [a, b] = [JSON.stringify(given), JSON.stringify(expected)];
  if (a !== b) different.push({ kind, name, given: a.slice(0, 600), expected: b.slice(0, 600) });
}

for (const vector of vectors("detection")) {
  const found = detector.detect(vector.text).map(({ rule, type, start, end, confidence }) => ({ rule, type, start, end, confidence }));
  const expected = vector.findings.map(({ rule, type, start, end, confidence }) => ({ rule, type, start, end, confidence }));
  compare("detection", vector.name, found, expected);
}
for (const vector of vectors("masking")) compare("masking", vector.name, redact(vector.text, vector.findings), vector.redacted);
for (const vector of vectors("policy")) {
  const verdict = decide(vector.findings, vector.policy, vector.policy_version, { ...vector.context });
  const shape = (v) => ({ action: v.action, policy_version: v.policy_version, remedies: v.remedies, message: v.message, provenance: v.provenance, to_redact: v.to_redact });
  compare("policy", vector.name, shape(verdict), shape(vector.verdict));
}
console.log(JSON.stringify({ counts, different }));
