import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { beyond, isStoodOn } from "../../../../extension/src/worker/reach.js";
import { makeBrowser } from "../world.mjs";

let allowed;
beforeEach(() => {
  makeBrowser();
  allowed = [];
  chrome.permissions = { contains: async ({ origins }) => origins.every((one) => allowed.includes(one)) };
});
const on = (pattern, ...requests) => ({ match: [pattern], requests });

test("scripts stand on what this copy was made for, hosts below a starred one too", () => {
  assert.deepEqual(["https://chatgpt.com/*", "https://chatgpt.com/part*", "https://*.kimi.com/*", "https://www.kimi.com/*"].map((one) => isStoodOn(on(one))), [true, true, true, true]);
  assert.deepEqual(["https://*.chatgpt.com/*", "https://kimi.example/*", "https://notchatgpt.com/*", "no pattern"].map((one) => isStoodOn(on(one))), [false, false, false, false]);
});

test("what came with the rules alone is watched only where every host of it may be read", async () => {
  const later = on("https://later.example/chat*", { host: "api.later.example" }, {});
  const found = await beyond([on("https://chatgpt.com/*"), later]);
  assert.deepEqual(found, { found: [later], origins: ["https://later.example/*", "https://api.later.example/*"], isWatched: false });
  allowed = ["https://later.example/*"];
  assert.equal((await beyond([later])).isWatched, false);
  allowed = found.origins;
  assert.equal((await beyond([later])).isWatched, true);
  assert.equal((await beyond([])).isWatched, false);
});
