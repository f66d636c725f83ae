// Reads one JSON text a line, answers one line of findings each: the JavaScript detector as a program.
import { createInterface } from "node:readline";
import { Detector } from "../../extension/src/detection/engine.js";
import { rulebook } from "../extension/unit/shared.mjs";

const detector = new Detector(rulebook);
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(detector.detect(JSON.parse(line))));
}
