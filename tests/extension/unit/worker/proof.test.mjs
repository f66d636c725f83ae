import assert from "node:assert/strict";
import { test } from "node:test";
import { call, isUsable, renewed, socketProof, troubleOf } from "../../../../extension/src/worker/connection.js";
import { keyNamed } from "../../../../extension/src/worker/device_key.js";
import { enrol, enrolByAdministrator } from "../../../../extension/src/worker/enrolment.js";
import { makeBrowser, makeConnection, makeEnrolled } from "../world.mjs";

const DEVICES = "POST /enrolment/devices";
const REFRESH = "POST /auth/refresh";
const SERVER = "https://quillgate.example";
const plain = (part) => JSON.parse(Buffer.from(part, "base64url"));

/** A browser that was just connected. */
async function connected(options) {
  const world = makeBrowser(options);
  world.answers[DEVICES] = makeEnrolled();
  world.answers[REFRESH] = { body: { access_token: "a2", refresh_token: "r2", expires_in: 300 } };
  world.answers["GET /sync"] = {};
  await enrol(SERVER, "A", "");
  return world;
}

/** Return the claims of a proof whose signature is good for the key in it. */
async function verified(proof) {
  const [header, claims, signature] = proof.split(".");
  const { typ, alg, jwk } = plain(header);
  assert.deepEqual([typ, alg, Object.keys(jwk).sort()], ["dpop+jwt", "ES256", ["crv", "kty", "x", "y"]]);
  const key = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const signed = new TextEncoder().encode(`${header}.${claims}`);
  assert.ok(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(signature, "base64url"), signed));
  return plain(claims);
}

test("a browser enrols with a key of its own and the proof of it, in one call", async () => {
  const world = await connected();
  assert.equal(world.asked.length, 1);
  const { headers, body } = world.asked[0];
  const claims = await verified(headers.DPoP);
  assert.deepEqual([claims.htm, claims.htu, claims.ath], ["POST", `${SERVER}/api/v1/enrolment/devices`, undefined]);
  assert.deepEqual(plain(headers.DPoP.split(".")[0]).jwk, body.public_key);
});

test("the private half can never be taken out, and is not in the storage others read", async () => {
  const world = await connected();
  const { pair } = await keyNamed(world.local.content.connection.keyName);
  assert.equal(pair.privateKey.extractable, false);
  for (const format of ["jwk", "pkcs8"]) await assert.rejects(crypto.subtle.exportKey(format, pair.privateKey));
  assert.equal(JSON.stringify(world.local.content).includes('"d"'), false);
});

test("each call carries a proof of its own for exactly this request and token", async () => {
  const world = await connected();
  await call("/sync?since=1");
  await call("/sync");
  const [first, second] = world.asked.slice(1).map(({ headers }) => headers);
  assert.equal(first.Authorization, "DPoP a");
  const claims = await verified(first.DPoP);
  const ath = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from("a"))).toString("base64url");
  assert.deepEqual([claims.htm, claims.htu, claims.ath], ["GET", `${SERVER}/api/v1/sync`, ath]);
  assert.notEqual(claims.jti, (await verified(second.DPoP)).jti);
});

test("a renewal is proved too, without a token", async () => {
  const world = await connected();
  await renewed(true);
  const { headers } = world.asked.at(-1);
  const claims = await verified(headers.DPoP);
  assert.deepEqual([claims.htm, claims.htu, claims.ath], ["POST", `${SERVER}/api/v1/auth/refresh`, undefined]);
});

test("the socket's hello is proved for its address with http for ws", async () => {
  const world = await connected();
  const claims = await verified(await socketProof(world.local.content.connection, `${SERVER}/api/v1/live`));
  assert.deepEqual([claims.htm, claims.htu], ["GET", `${SERVER}/api/v1/live`]);
});

test("a wrong clock follows the server's, at enrolling and at a call", async () => {
  const world = makeBrowser();
  const ahead = Date.now() + 3_600_000;
  const late = { status: 401, body: { code: "proof-time" }, date: new Date(ahead).toUTCString() };
  const byTime = (good) => async ({ headers }) => (plain(headers.DPoP.split(".")[1]).iat * 1000 > ahead - 60_000 ? good : late);
  const answers = { [DEVICES]: byTime(makeEnrolled()), [REFRESH]: byTime({ body: { access_token: "a2", refresh_token: "r2", expires_in: 300 } }), "GET /sync": byTime({}) };
  const send = globalThis.fetch;
  globalThis.fetch = async (url, init = {}) => {
    const path = `${init.method ?? "GET"} ${new URL(url, SERVER).pathname.replace("/api/v1", "")}`;
    if (answers[path]) world.answers[path] = await answers[path]({ headers: init.headers });
    return send(url, init);
  };
  await enrol(SERVER, "A", "");
  world.session.content.clockOffset = 0;
  assert.equal((await call("/sync")).status, 200);
});

test("a clock that is right to a few seconds is left alone", async () => {
  const world = await connected();
  world.answers["GET /sync"] = ({ headers }) => (headers.Authorization === "DPoP a2" ? {} : { status: 401, date: new Date(Date.now() - 2000).toUTCString() });
  await call("/sync");
  assert.equal(world.session.content.clockOffset ?? 0, 0);
});

test("a browser that was connected before there were keys goes on as it did", async () => {
  const world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
  world.answers["GET /sync"] = {};
  await call("/sync");
  assert.equal(world.asked[0].headers.Authorization, "Bearer a1");
  assert.equal(world.asked[0].headers.DPoP, undefined);
  assert.equal(await socketProof(world.local.content.connection, `${SERVER}/api/v1/live`), "");
});

test("a browser that lost its key says that it was ended, and one an administrator set connects itself anew", async () => {
  const managed = { serverUrl: SERVER, enrolmentToken: "ABCD-EFGH-IJKL-MNOP" };
  const world = await connected({ managed });
  world.keys.content.clear();
  await world.local.set({ connection: { ...world.local.content.connection, keyName: "lost" } });
  assert.equal(await isUsable(), false);
  await assert.rejects(call("/sync"), (error) => troubleOf(error).code === "ended");
  await enrolByAdministrator();
  assert.equal(await isUsable(), true);
  assert.equal((await call("/sync")).status, 200);
});

test("connecting anew makes a new key and forgets the old one", async () => {
  const world = await connected();
  const former = world.local.content.connection.keyName;
  await enrol(SERVER, "B", "");
  assert.notEqual(world.local.content.connection.keyName, former);
  assert.deepEqual([...world.keys.content.keys()], [world.local.content.connection.keyName]);
});

test("a code that was refused leaves the connection and its key as they were", async () => {
  const world = await connected();
  const former = world.local.content.connection;
  world.answers[DEVICES] = { status: 422, body: { code: "wrong-code" } };
  await assert.rejects(enrol(SERVER, "B", ""), { code: "wrong-code" });
  assert.deepEqual(world.local.content.connection, former);
  assert.equal((await call("/sync")).status, 200);
});

test("a browser that cannot keep a key uses no code up", async () => {
  const world = makeBrowser();
  world.keys.open = () => {
    throw new Error("no database");
  };
  await assert.rejects(enrol(SERVER, "A", ""), { code: "no-key" });
  assert.deepEqual(world.asked, []);
});
