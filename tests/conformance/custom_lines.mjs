// Reads {custom, text} a line, answers what the extension finds: rulebook and a client's own rules.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { CustomDetection } from "../../extension/src/detection/custom/custom.js";
import { Detector } from "../../extension/src/detection/engine.js";

const detector = new Detector(JSON.parse(readFileSync(new URL("../../shared-rules/rulebook.json", import.meta.url), "utf8")));
for await (const line of createInterface({ input: process.stdin })) {
  const { custom, text } = JSON.parse(line);
  console.log(JSON.stringify(new CustomDetection(custom).addedTo(text, detector.detect(text))));
}
