import assert from "node:assert/strict";
import { test } from "node:test";
import { ACTIONS, rank, stops } from "../../../extension/src/policy/actions.js";
import { decide } from "../../../extension/src/policy/decide.js";
import { vectors } from "./shared.mjs";

const cases = vectors("policy");
const judge = ({ findings, policy, policy_version, context }) => decide(findings, policy, policy_version, context);
const stricter = (action) => ACTIONS[Math.min(rank(action) + 1, ACTIONS.length - 1)];

test("the order in which findings arrive changes nothing", () => {
  for (const given of cases) assert.deepEqual(judge({ ...given, findings: given.findings.toReversed() }), judge(given));
});

test("a stricter policy never answers more mildly", () => {
  const raised = (settings = {}) => Object.fromEntries(Object.entries(settings).map(([key, { action }]) => [key, { action: stricter(action) }]));
  for (const given of cases) {
    const { policy } = given;
    const strict = { ...policy, default_action: stricter(policy.default_action ?? "allow") };
    for (const name of ["categories", "families", "entities", "rules"]) strict[name] = raised(policy[name]);
    assert.ok(rank(judge({ ...given, policy: strict }).action) >= rank(judge(given).action), given.name);
  }
});

test("one more finding never makes the answer milder", () => {
  for (const given of cases) {
    const fewer = judge({ ...given, findings: given.findings.slice(1) });
    assert.ok(rank(judge(given).action) >= rank(fewer.action), given.name);
  }
});

test("who is stopped is always told why and offered a way on", () => {
  for (const given of cases) {
    const verdict = judge(given);
    assert.equal(verdict.remedies.length > 0, stops(verdict.action), given.name);
    assert.equal(verdict.message.length > 0, stops(verdict.action), given.name);
  }
});

test("a policy that names a built-in property of objects is not fooled by it", () => {
  const finding = { ...cases.find(({ findings }) => findings.length).findings[0], rule: "constructor", type: "toString" };
  const verdict = decide([finding], { name: "empty", rules: {}, entities: {} }, 1, { service_status: "approved" });
  assert.equal(verdict.action, "allow");
});
