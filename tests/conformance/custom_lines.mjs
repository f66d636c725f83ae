// Reads {custom, text} a line, answers what the extension finds: rulebook and a client's own rules.
import { createInterface } from "node:readline";
import { CustomDetection } from "../../extension/src/detection/custom/custom.js";
import { Detector } from "../../extension/src/detection/engine.js";
import { rulebook } from "../extension/unit/shared.mjs";

const detector = new Detector(rulebook);
for await (const line of createInterface({ input: process.stdin })) {
  const { custom, text } = JSON.parse(line);
  console.log(JSON.stringify(new CustomDetection(custom).addedTo(text, detector.detect(text))));
}
