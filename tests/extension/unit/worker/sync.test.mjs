import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { digest } from "../../../../extension/src/worker/device_key.js";
import { lastRules, sync } from "../../../../extension/src/worker/sync.js";
import { makeBrowser, makeConnection, makeSigner } from "../world.mjs";

let world;
let signer;
beforeEach(async () => {
  world = makeBrowser();
  signer = await makeSigner();
  await world.local.set({ connection: makeConnection({ bundleKeys: [signer.key] }) });
});

const offered = async (answer) => {
  world.answers["GET /sync"] = await answer;
  return sync();
};
const refusedAs = (code) => (error) => error.code === code;

test("rules with a good signature are kept, and asked for again only by their tag", async () => {
  assert.equal((await offered(signer.sign())).policy.version, 7);
  assert.equal(await offered({ status: 304 }), null);
  assert.equal(world.asked.at(-1).headers["If-None-Match"], '"7"');
  assert.equal((await lastRules()).policy.version, 7);
});

test("rules that another key signed are refused, and the last good ones stay", async () => {
  await offered(signer.sign());
  const stranger = await makeSigner();
  await assert.rejects(offered(stranger.sign({ policy: { version: 8, etag: "p8", document: { name: "Forged" } } })), refusedAs("signature"));
  assert.equal((await lastRules()).policy.document.name, "Made up");
});

test("one changed letter breaks the signature", async () => {
  const answer = await signer.sign();
  answer.body.bundle = answer.body.bundle.replace("Made up", "Made us");
  await assert.rejects(offered(answer), refusedAs("signature"));
  answer.body.signature = "not base64 at all";
  await assert.rejects(offered(answer), refusedAs("signature"));
});

test("an older policy is refused, however well it is signed", async () => {
  await offered(signer.sign());
  await assert.rejects(offered(signer.sign({ policy: { version: 6, etag: "p6", document: { name: "Old" } } })), refusedAs("older"));
  assert.equal((await lastRules()).policy.version, 7);
});

test("a bundle that had expired when the newest was issued is refused: somebody plays it again", async () => {
  await offered(signer.sign({ issued: "2026-11-22T10:00:00+00:00", expires: "2026-11-23T10:00:00+00:00" }));
  await assert.rejects(offered(signer.sign()), refusedAs("older"));
});

test("only the server's own times are compared: a browser whose clock is decades off is not locked out", async () => {
  const long = { issued: "1999-01-01T10:00:00+00:00", expires: "1999-01-02T10:00:00+00:00" };
  assert.equal((await offered(signer.sign(long))).policy.version, 7);
});

test("another organisation's rules and an unknown format are refused", async () => {
  await assert.rejects(offered(signer.sign({ tenant: "another" })), refusedAs("foreign"));
  await assert.rejects(offered(signer.sign({ format: 2 })), refusedAs("format"));
});

test("the version counts for one organisation: the next one starts anew", async () => {
  await offered(signer.sign());
  await world.local.set({ connection: makeConnection({ client: { id: "practice", name: "Practice" }, bundleKeys: [signer.key] }), bundle: null });
  const first = { tenant: "practice", policy: { version: 1, etag: "p1", document: { name: "First" } } };
  assert.equal((await offered(signer.sign(first))).policy.version, 1);
});

test("rules changed in storage are not obeyed, and the next fetch is a whole one", async () => {
  await offered(signer.sign());
  world.local.content.bundle.bundle = world.local.content.bundle.bundle.replace("Made up", "Made us");
  assert.equal(await lastRules(), null);
  await offered(signer.sign());
  assert.equal(world.asked.at(-1).headers["If-None-Match"], undefined);
});

test("rules are obeyed before they are stored, and those that are refused are not", async () => {
  const seen = [];
  const obey = async ({ policy }) => void seen.push([policy.version, Boolean(world.local.content.bundle)]);
  world.answers["GET /sync"] = await signer.sign();
  await sync(obey);
  world.answers["GET /sync"] = await signer.sign({ policy: { version: 6, etag: "p6", document: { name: "Old" } } });
  await assert.rejects(sync(obey), refusedAs("older"));
  assert.deepEqual(seen, [[7, false]]);
});

const RULEBOOK = JSON.stringify({ format: 1, version: "r2", rules: [] });
const DIGEST = await digest(RULEBOOK);
const apart = (version, rulebook_digest = DIGEST) => signer.sign({ rulebook: undefined, rulebook_digest, policy: { version, etag: `p${version}`, document: { name: "Apart" } } });
const fetched = () => world.asked.filter(({ path }) => path.startsWith("GET /sync/rulebooks/")).length;

test("a rulebook that stands apart is fetched once by its digest, and stored with the bundle that names it", async () => {
  world.answers[`GET /sync/rulebooks/${DIGEST}`] = { body: RULEBOOK };
  assert.equal((await offered(apart(8))).rulebook.version, "r2");
  assert.equal((await offered(apart(9))).rulebook.version, "r2");
  assert.deepEqual([fetched(), world.local.content.rulebook], [1, RULEBOOK]);
  assert.equal((await lastRules()).policy.version, 9);
});

test("a rulebook that is not the one the bundle names is refused, and the last good rules stay", async () => {
  await offered(signer.sign());
  const another = await digest("another");
  world.answers[`GET /sync/rulebooks/${another}`] = { body: RULEBOOK };
  await assert.rejects(offered(apart(8, another)), refusedAs("signature"));
  assert.equal((await lastRules()).policy.version, 7);
});

test("rules that cannot be stored are obeyed all the same, and what was stored still fits together", async () => {
  await offered(signer.sign());
  const other = JSON.stringify({ format: 1, version: "r3", rules: [] });
  const named = await digest(other);
  world.answers[`GET /sync/rulebooks/${named}`] = { body: other };
  world.answers["GET /sync"] = await apart(8, named);
  const { set } = world.local;
  world.local.set = async () => Promise.reject(new Error("full"));
  const seen = [];
  await assert.rejects(sync(async ({ policy }) => void seen.push(policy.version)), refusedAs("full"));
  world.local.set = set;
  assert.deepEqual(seen, [8]);
  assert.equal((await lastRules()).policy.version, 7);
  assert.equal((await sync()).rulebook.version, "r3");
  assert.equal(world.local.content.rulebook, other);
});

test("of two fetches at once the later one's rules are obeyed last", async () => {
  const answers = [new Promise((resolve) => setTimeout(async () => resolve(await apart(8)), 20)), apart(9)];
  world.answers[`GET /sync/rulebooks/${DIGEST}`] = { body: RULEBOOK };
  const fetchAs = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    if (url.includes("/sync?")) world.answers["GET /sync"] = await answers.shift();
    return fetchAs(url, init);
  };
  const seen = [];
  const obey = async ({ policy }) => void seen.push(policy.version);
  await Promise.all([sync(obey), sync(obey)]);
  assert.deepEqual(seen, [8, 9]);
});

test("a bundle that is cut off, or that says nothing at all, is refused and the last good one stays", async () => {
  await offered(signer.sign());
  const whole = await signer.sign({ policy: { version: 8, etag: "p8", document: { name: "Newer" } } });
  whole.body.bundle = whole.body.bundle.slice(0, -40);
  await assert.rejects(offered(whole), refusedAs("signature"));
  await assert.rejects(offered({ body: {} }), refusedAs("signature"));
  assert.equal((await lastRules()).policy.version, 7);
});

test("rules that have expired while the server is away are obeyed on: nobody is locked out, nothing passes unjudged", async () => {
  await offered(signer.sign({ issued: "2020-01-01T10:00:00+00:00", expires: "2020-01-02T10:00:00+00:00" }));
  world.answers["GET /sync"] = new TypeError("away");
  await assert.rejects(sync(), refusedAs("unreachable"));
  assert.equal((await lastRules()).policy.version, 7);
});
