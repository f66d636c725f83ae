// Reads one JSON text a line, answers one line of findings each: the JavaScript detector as a program.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { Detector } from "../../extension/src/detection/engine.js";

const detector = new Detector(JSON.parse(readFileSync(new URL("../../shared-rules/rulebook.json", import.meta.url), "utf8")));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(detector.detect(JSON.parse(line))));
}
