import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { askable, askForService, serviceRequests } from "../../../../extension/src/worker/service_requests.js";
import { makeBrowser, makeConnection } from "../world.mjs";

const SERVICES = [
  { id: "poe", name: "Poe", hosts: ["poe.com"], status: "unknown" },
  { id: "claude", name: "Claude", hosts: ["claude.ai"], status: "approved" },
  { id: "grok", name: "Grok", hosts: ["grok.com"], status: "tolerated", until: "2020-01-01T00:00:00Z", otherwise: "prohibited" },
];
let world;
beforeEach(async () => {
  world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
  world.answers["POST /service-requests"] = { status: 201 };
});

test("a service is asked for by the name people know, or by its host", async () => {
  for (const service of [" poe ", "New-Chat.example"]) await askForService(SERVICES, { service, reason: " To compare ", days: 7 });
  assert.deepEqual(
    world.asked.map(({ body }) => body),
    [{ service: "poe", reason: "To compare", days: 7 }, { service: "new-chat.example", reason: "To compare", days: 7 }],
  );
});

test("only what may not be used now is offered", () => {
  assert.deepEqual(askable(SERVICES), ["Poe", "Grok"]);
});

test("a request shows its answer and when what it allows ends", async () => {
  const said = { id: "r1", service: "poe", service_name: "Poe", state: "approved", decision: "For a week", ends_at: "2026-12-01T00:00:00Z", reason: "kept there" };
  world.answers["GET /service-requests"] = { body: { items: [said], next: null } };
  assert.deepEqual(await serviceRequests(), [{ id: "r1", name: "Poe", state: "approved", decision: "For a week", endsAt: "2026-12-01T00:00:00Z" }]);
});
