// Reads one JSON text a line, answers what the detector of the packed extension in the folder given finds in each.
import { createInterface } from "node:readline";
import { readdirSync, readFileSync } from "node:fs";
import { rulebook } from "../extension/unit/shared.mjs";

const folder = `${process.argv[2]}/src/together/`;
const file = readdirSync(folder).find((name) => readFileSync(folder + name, "utf8").includes("detectWindow("));
const found = Object.values(await import(folder + file)).find((value) => typeof value === "function" && value.prototype?.detectWindow);
const detector = new found(rulebook);
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(detector.detect(JSON.parse(line))));
}
