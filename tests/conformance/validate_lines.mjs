// Reads ["validator", "value"] lines, writes true or false for each.
import { createInterface } from "node:readline";
import { VALIDATORS } from "../../extension/src/detection/validators.js";

for await (const line of createInterface({ input: process.stdin })) {
  const [name, value] = JSON.parse(line);
  process.stdout.write(`${VALIDATORS[name](value)}\n`);
}
