// Reads one question a line: a submission with exemptions, or words; answers as the extension does.
import { createInterface } from "node:readline";
import { decide } from "../../extension/src/policy/decide.js";
import { isLowEffort } from "../../extension/src/policy/justification.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { words, findings, policy, context } = JSON.parse(line);
  if (words !== undefined) console.log(JSON.stringify(isLowEffort(words)));
  else {
    const { action, provenance, exemptions } = decide(findings, policy, 1, { ...context, moment: Date.parse(context.moment) });
    console.log(JSON.stringify({ action, provenance, exemptions }));
  }
}
