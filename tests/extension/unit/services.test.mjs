import assert from "node:assert/strict";
import { test } from "node:test";
import { serviceOf, statusAt } from "../../../extension/src/policy/services.js";

const CHAT = { id: "chat", name: "Chat", hosts: ["chat.example"], status: "tolerated" };
const VIDEO = { id: "video", name: "Video", hosts: ["video.chat.example"], status: "unknown" };

test("a host below a listed one counts as that one, and the nearest is meant", () => {
  assert.equal(serviceOf([CHAT, VIDEO], "eu.chat.example"), CHAT);
  assert.equal(serviceOf([CHAT, VIDEO], "eu.video.chat.example"), VIDEO);
  assert.equal(serviceOf([CHAT, VIDEO], "evilchat.example"), undefined);
});

test("what ends by itself ends to the millisecond, and then what follows holds", () => {
  const until = "2026-11-20T12:00:00+00:00";
  const allowed = { ...CHAT, until, otherwise: "prohibited" };
  assert.equal(statusAt(allowed, Date.parse(until) - 1), "tolerated");
  assert.equal(statusAt(allowed, Date.parse(until)), "prohibited");
  assert.equal(statusAt(CHAT, Date.parse(until)), "tolerated");
  assert.equal(statusAt(undefined, 0), "unknown");
});
