import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { report, see } from "../../../../extension/src/worker/sightings.js";
import { makeBrowser, makeConnection } from "../world.mjs";

const TOLD = "POST /service-sightings";
const service = (id, host) => ({ id, name: id, hosts: [host], status: "unknown" });
const RULES = { services: [service("chatgpt", "chatgpt.com"), service("poe", "poe.com")], adapters: [{ service: "chatgpt", match: ["https://chatgpt.com/*"] }, { service: "poe", match: ["https://poe.com/*"] }] };
let world;
beforeEach(async () => {
  world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
});

test("a listed host is counted, and no address is kept or told", async () => {
  await Promise.all([see(RULES, "https://poe.com/s/secret?q=words"), see(RULES, "https://www.poe.com/"), see(RULES, "https://bank.example/")]);
  assert.ok(!JSON.stringify(world.local.content).includes("secret"));
  world.answers[TOLD] = {};
  await report();
  assert.deepEqual(world.asked.at(-1).body, { hosts: [{ host: "poe.com", count: 2 }] });
  await report();
  assert.equal(world.asked.length, 1);
});

test("where our own script stands, or nothing is known yet, nothing is counted", async () => {
  for (const url of ["https://chatgpt.com/", "http://poe.com/", "chrome://settings", "nonsense"]) await see(RULES, url);
  await see(null, "https://poe.com/");
  await report();
  assert.deepEqual(world.asked, []);
});

test("what could not be told is told later, and never to another organisation's server", async () => {
  await see(RULES, "https://poe.com/");
  world.answers[TOLD] = { status: 500 };
  await assert.rejects(report());
  await world.local.set({ connection: makeConnection({ client: { id: "practice", name: "Practice" } }) });
  await report();
  await world.local.set({ connection: makeConnection() });
  world.answers[TOLD] = {};
  await report();
  assert.deepEqual(world.asked.map(({ path, body }) => [path, body.hosts]), Array(2).fill([TOLD, [{ host: "poe.com", count: 1 }]]));
});
