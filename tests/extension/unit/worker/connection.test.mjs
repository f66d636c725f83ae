import assert from "node:assert/strict";
import { test } from "node:test";
import { call, renewed, troubleOf } from "../../../../extension/src/worker/connection.js";
import { makeBrowser, makeConnection } from "../world.mjs";

const REFRESH = "POST /auth/refresh";
const fresh = { body: { access_token: "a2", refresh_token: "r2", expires_in: 300 } };

test("many calls at once renew an old token once", async () => {
  const world = makeBrowser();
  await world.local.set({ connection: makeConnection({ accessUntil: 0 }) });
  world.answers[REFRESH] = fresh;
  world.answers["GET /sync"] = {};
  await Promise.all([call("/sync"), call("/sync"), call("/sync")]);
  assert.equal(world.asked.filter(({ path }) => path === REFRESH).length, 1);
  assert.equal(world.local.content.connection.refreshToken, "r2");
});

test("a renewal that ends after the browser was connected anew does not bring the old connection back", async () => {
  const world = makeBrowser();
  await world.local.set({ connection: makeConnection({ accessUntil: 0 }) });
  world.answers[REFRESH] = () => {
    world.local.content.connection = makeConnection({ deviceId: "d2", accessToken: "new" });
    return fresh;
  };
  assert.equal((await renewed()).deviceId, "d2");
  assert.equal(world.local.content.connection.accessToken, "new");
});

test("a token refused before its time is renewed and the call made once more", async () => {
  const world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
  world.answers[REFRESH] = fresh;
  world.answers["GET /sync"] = ({ headers }) => (headers.Authorization === "Bearer a2" ? {} : { status: 401 });
  assert.equal((await call("/sync")).status, 200);
});

test("a browser whose device was revoked learns that it was ended", async () => {
  const world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
  world.answers["GET /sync"] = { status: 401, body: { code: "session-ended" } };
  world.answers[REFRESH] = { status: 401, body: { code: "session-ended" } };
  await assert.rejects(call("/sync"), (error) => troubleOf(error).code === "ended");
});
