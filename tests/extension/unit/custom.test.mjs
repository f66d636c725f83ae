import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeLocally, mustAskServer } from "../../../extension/src/content/judging.js";
import { CustomDetection } from "../../../extension/src/detection/custom/custom.js";
import { hmacSha256 } from "../../../extension/src/detection/custom/hmac.js";
import { makeRule, makeRulebook } from "./shared.mjs";

const made = (differing = {}) => new CustomDetection({ rules: [makeRule({ id: "custom-one", type: "CUSTOM" })], names: { "custom-one": "One" }, values: [], allowed: [], key: "00".repeat(32), asks_server: false, ...differing });

test("HMAC-SHA256 answers as the browser's own", async () => {
  const key = Uint8Array.from({ length: 32 }, (_, n) => n * 7);
  const theirs = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 300]) {
    const message = Uint8Array.from({ length }, (_, n) => (n * 31) % 256);
    const wanted = new Uint8Array(await crypto.subtle.sign("HMAC", theirs, message));
    assert.equal(hmacSha256(key)(message), [...wanted].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
});

test("a client's rules that use up their time are left unfinished, and the server is asked", () => {
  let time = 0;
  const text = "1234 ".repeat(2000);
  const whole = made().addedTo(text, []);
  const cut = made().addedTo(text, [], 50, () => (time += 30));
  assert.deepEqual([whole.isFinished, cut.isFinished], [true, false]);
  assert.equal(whole.findings.length, 2000);
  assert.ok(cut.findings.length > 0 && cut.findings.length < 2000);
  const rules = { policy: { version: 1, document: {} }, services: [], custom: null };
  const verdict = { findings: [], noted: [], isFinished: false };
  assert.ok(mustAskServer(rules, verdict));
  assert.ok(!mustAskServer(rules, { ...verdict, isFinished: true }));
});

test("where some pattern is the server's alone it is asked, but not where the policy forbids it", () => {
  const detector = { version: "r", detect: () => [] };
  const ask = (server_verdict, asks_server) => {
    const rules = { policy: { version: 1, document: { server_verdict } }, services: [], custom: { asks_server } };
    return mustAskServer(rules, judgeLocally(detector, null, rules, "harmless", "chatgpt.com", "typed"));
  };
  assert.deepEqual([ask("on_finding", true), ask("on_finding", false), ask("never", true)], [true, false, false]);
});

test("an allowed value passes until the end of its day", () => {
  const today = new Date().toISOString().slice(0, 10);
  const digest = hmacSha256(new Uint8Array(32))(new TextEncoder().encode("1234")).slice(0, 32);
  const found = (until) => made({ allowed: [{ digests: [digest], type: null, until }] }).addedTo("1234 5678", []).findings.length;
  assert.deepEqual([found(null), found(today), found("2020-01-01")], [1, 1, 2]);
});
