// Reads one JSON text a line, answers a sum over what labels are worth more than nothing at every token, and what the extension's model marks: sort, start, end, margin.
import { createInterface } from "node:readline";
import { Tagger } from "../../extension/src/detection/model/tagger.js";
import { toCodePoints } from "../../extension/src/detection/spans.js";
import { rulebook } from "../extension/unit/shared.mjs";

const tagger = new Tagger(rulebook.model);
for await (const line of createInterface({ input: process.stdin })) {
  const text = JSON.parse(line);
  const points = toCodePoints(text);
  const worth = tagger.scores(text).flatMap(([nothing, ...labels]) => labels.map((score) => score - nothing));
  const sum = worth.reduce((before, score) => (Math.imul(before, 31) + score) | 0, 0);
  console.log(JSON.stringify([sum, tagger.tagged(text).map(({ sort, start, end, margin }) => [sort, points(start), points(end), margin])]));
}
