// Reads one JSON text a line, answers where the words stand that say most of each topic, also where they say too little.
import { createInterface } from "node:readline";
import { folded } from "../../extension/src/detection/normalise.js";
import { toCodePoints } from "../../extension/src/detection/spans.js";
import { Topic } from "../../extension/src/detection/topic.js";
import { rulebook } from "../extension/unit/shared.mjs";

const topics = rulebook.rules.flatMap(({ topic }) => (topic ? [new Topic(topic), new Topic({ ...topic, least: -(2 ** 20) })] : []));
for await (const line of createInterface({ input: process.stdin })) {
  const text = JSON.parse(line);
  const points = toCodePoints(text);
  console.log(JSON.stringify(topics.map((topic) => topic.words(folded(text)).map(({ start, end }) => [points(start), points(end)]))));
}
