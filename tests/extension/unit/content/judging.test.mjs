import assert from "node:assert/strict";
import { test } from "node:test";
import { eventOf, judgeLocally, mustAskServer, ofLocal, ofServer, withoutServer } from "../../../../extension/src/content/judging.js";
import { Detector } from "../../../../extension/src/detection/engine.js";
import { makeRule, makeRulebook } from "../shared.mjs";

const detector = new Detector(makeRulebook(makeRule({ severity: "low" }), makeRule({ id: "worse", pattern: "[A-Z]{5}", boundary: "word", anchor: "none", severity: "critical" })));
const makeRules = (document = {}, version = 2) => ({ policy: { version, document: { name: "Made up", default_action: "warn", ...document } }, services: [{ id: "chatgpt", hosts: ["chatgpt.com"], status: "approved" }] });
const judge = (text, document, version) => judgeLocally(detector, null, makeRules(document, version), text, "chatgpt.com", "typed");
const how = (text) => ({ host: "chatgpt.com", channel: "typed", text });
const serverSays = (differing) => ({ submission_id: "s1", action: "allow", findings: [], policy_version: 2, rulebook_version: "r", remedies: [], message: "", to_redact: [], ...differing });

test("the server is sent a prompt only where the policy asks for its verdict", () => {
  const asks = (wish, text) => mustAskServer(makeRules(wish ? { server_verdict: wish } : {}), judge(text));
  assert.deepEqual(["never", "on_finding", "always", undefined].map((wish) => asks(wish, "harmless")), [false, false, true, false]);
  assert.deepEqual(["never", "on_finding", "always", undefined].map((wish) => asks(wish, "1234")), [false, true, true, true]);
});

test("a date or a link that may pass is no reason to ask, nor to record", () => {
  const judged = (document) => [makeRules(document), judge("1234", document)];
  assert.equal(mustAskServer(...judged({ default_action: "allow" })), false);
  assert.equal(mustAskServer(...judged({ default_action: "flag" })), true);
  assert.equal(eventOf(ofLocal(judge("1234", { default_action: "allow" })), how("1234")).findings.length, 0);
  assert.equal(eventOf(ofLocal(judge("ABCDE", { default_action: "allow" })), how("ABCDE")).findings.length, 1);
});

test("the server's verdict holds, and is not recorded a second time", () => {
  const judged = ofServer(serverSays({}), judge("1234"));
  assert.equal(judged.action, "allow");
  assert.ok(judged.isRecorded);
});

test("a server that has not heard of the new policy yet cannot make it milder", () => {
  const judged = ofServer(serverSays({ policy_version: 1 }), judge("1234", { default_action: "block" }));
  assert.equal(judged.action, "block");
  assert.ok(!judged.isRecorded);
  assert.equal(ofServer(serverSays({ policy_version: 1, action: "block" }), judge("1234")).action, "block");
});

test("without the server's answer the policy's wish holds, and never makes a verdict milder than a block", () => {
  const without = (wish, action) => withoutServer(makeRules({ on_unavailable: wish }), judge("1234", { default_action: action }), "id").action;
  assert.deepEqual(["allow", "warn", "block"].map((action) => without("enforce_cached", action)), ["allow", "warn", "block"]);
  assert.deepEqual(["allow", "warn", "block"].map((action) => without("warn", action)), ["warn", "warn", "block"]);
  assert.deepEqual(["allow", "warn", "block"].map((action) => without("block", action)), ["block", "block", "block"]);
  assert.deepEqual(["allow", "warn", "block"].map((action) => without("allow_and_queue", action)), ["flag", "flag", "block"]);
});

test("who is stopped only because the server is away is told so, and not that something was found", () => {
  assert.ok(withoutServer(makeRules({ on_unavailable: "block" }), judge("harmless"), "id").isUnchecked);
  assert.ok(!withoutServer(makeRules({ on_unavailable: "block" }), judge("1234", { default_action: "block" }), "id").isUnchecked);
});

test("a verdict taken without the server is the entry the server may have written already", () => {
  const event = eventOf(withoutServer(makeRules(), judge("1234"), "asked"), how("1234"));
  assert.deepEqual([event.event_id, event.submission_id], ["asked", "asked"]);
  const ended = eventOf(withoutServer(makeRules(), judge("1234"), "asked"), { ...how("1234"), disposition: "abandoned" });
  assert.equal(ended.submission_id, "asked");
  assert.notEqual(ended.event_id, "asked");
});

test("an entry takes five hundred findings: the worst ones, in the order of the text", () => {
  const text = `${"1234 ".repeat(600)}ABCDE ${"1234 ".repeat(600)}`;
  const { findings } = eventOf(ofLocal(judge(text)), how(text));
  assert.equal(findings.length, 500);
  assert.ok(findings.some(({ rule }) => rule === "worse"));
  assert.deepEqual(findings.map(({ start }) => start), findings.map(({ start }) => start).toSorted((a, b) => a - b));
});

test("an event has no field for text, and its size is counted in code points", () => {
  const event = eventOf(ofLocal(judge("😀 1234")), how("😀 1234"));
  assert.equal(event.size, 6);
  assert.ok(!JSON.stringify(event).includes("1234"));
});

test("what was granted passes until it is over, and is recorded as justified", () => {
  const at = (until) => {
    const rules = { ...makeRules({ default_action: "block" }), exemptions: [{ id: "e1", service: "chatgpt", kinds: ["MADE_UP"], with_service: false, until: new Date(Date.now() + until).toISOString() }] };
    return ofLocal(judgeLocally(detector, null, rules, "1234", "chatgpt.com", "typed"));
  };
  assert.equal(at(60_000).action, "flag");
  assert.equal(eventOf(at(60_000), how("1234")).disposition, "justified_sent");
  assert.equal(at(-1000).action, "block");
  assert.equal(eventOf(at(-1000), how("1234")).disposition, "prevented");
});
