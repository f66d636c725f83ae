// Reads one chain of layers a line, answers what they make: the JavaScript inheritance as a program.
import { createInterface } from "node:readline";
import { effective, laidOver, ofLayer } from "../../extension/src/policy/inheritance.js";
import { Taxonomy } from "../../extension/src/policy/taxonomy.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { layers, kinds } = JSON.parse(line);
  const taxonomy = new Taxonomy(kinds);
  const [a, b, c] = layers.slice(0, 3).map(ofLayer);
  const isAssociative =
    !c ||
    JSON.stringify(Object.entries(laidOver(laidOver(a, b, taxonomy), c, taxonomy).fields).toSorted()) ===
      JSON.stringify(Object.entries(laidOver(a, laidOver(b, c, taxonomy), taxonomy).fields).toSorted());
  console.log(JSON.stringify({ ...effective(layers, taxonomy), isAssociative }));
}
