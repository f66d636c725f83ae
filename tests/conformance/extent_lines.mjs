// Reads one JSON pattern a line, answers one line each: what no match of it is larger than.
import { createInterface } from "node:readline";
import { extentOf } from "../../extension/src/detection/shapes.js";

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(extentOf(JSON.parse(line))));
