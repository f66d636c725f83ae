import assert from "node:assert/strict";
import { test } from "node:test";
import { Addresses, isCovered, isOn } from "../../../../extension/src/leaving/addresses.js";

const request = (path, more = {}) => ({ transport: "fetch", method: "POST", path, body: "json", text: ["prompt"], ...more });
const ADDRESSES = new Addresses([
  { id: "one", match: ["https://one.example/*", "https://*.two.example/*"], requests: [request("/api/*/send"), request("/**/deep"), request("/a.b"), request("/ws/**", { transport: "websocket", method: "GET" })] },
  { id: "elsewhere", match: ["https://three.example/*"], requests: [request("/send", { host: "api.far.example" })] },
]);
const isWatched = (url, method = "POST") => ADDRESSES.find(new URL(url), method) !== null;

test("a star is one part of a path, two are any number of them, and a full stop is a full stop", () => {
  assert.ok(isWatched("https://one.example/api/7/send?x=1"));
  assert.ok(!isWatched("https://one.example/api/7/8/send"));
  assert.ok(isWatched("https://one.example/u/1/_/deep"));
  assert.ok(!isWatched("https://one.example/aXb"));
});

test("only the method that carries prompts is watched", () => {
  assert.ok(!isWatched("https://one.example/a.b", "GET"));
});

test("a host below a listed one is watched where the adapter says so, and a look-alike is not", () => {
  assert.ok(isWatched("https://www.two.example/a.b"));
  assert.ok(isWatched("https://two.example/a.b"));
  assert.ok(!isWatched("https://nottwo.example/a.b"));
  assert.ok(!isWatched("https://www.one.example/a.b"));
  assert.ok(!isWatched("https://one.example.evil.example/a.b"));
});

test("a prompt that goes to another host is watched there", () => {
  assert.ok(isWatched("https://api.far.example/send"));
  assert.ok(!isWatched("https://three.example/send"));
});

test("a socket and a request to one path are two things", () => {
  assert.ok(isWatched("wss://one.example/ws/chat", "GET"));
  assert.ok(!isWatched("https://one.example/ws/chat", "GET"));
});

test("a page is an adapter's by its host and the start of its path", () => {
  assert.ok(isOn("https://*.one.example/*", new URL("https://www.one.example/c/7")));
  assert.ok(isOn("https://one.example/chat*", new URL("https://one.example/chat/7")));
  assert.ok(!isOn("https://one.example/chat*", new URL("https://one.example/settings")));
});

test("where adapters name a part of a site the rest of it is none of ours, and any other site is", () => {
  const adapters = [{ match: ["https://one.example/chat*", "https://two.example/*"] }];
  const covered = (page) => isCovered(adapters, new URL(page));
  assert.deepEqual(["https://one.example/chat/7", "https://one.example/settings", "https://two.example/any"].map(covered), [true, false, true]);
  assert.ok(covered("https://unlisted.example/"), "a script of ours stands there, so something asked for it");
});

test("a path in disguise is the path a server makes of it", () => {
  const addresses = new Addresses([{ match: ["https://one.example/*"], requests: [request("/api/conversation")] }]);
  const found = (address) => addresses.find(new URL(address), "POST") !== null;
  const disguised = ["/api/%63onversation", "/api%2Fconversation", "//api//conversation", "/api/conversation/", "/x/../api/conversation"];
  assert.deepEqual(disguised.filter((path) => !found(`https://one.example${path}`)), []);
  assert.ok(found("https://one.example./api/conversation"));
  assert.ok(!found("https://one.example/api/%E0%A4%A"));
});
