import assert from "node:assert/strict";
import { test } from "node:test";
import { Releases } from "../../../../extension/src/leaving/releases.js";

const SECRET = "My number is 536-90-4399";
const makeReleases = () => {
  let now = 0;
  return { releases: new Releases(() => now), wait: (milliseconds) => (now += milliseconds) };
};

test("a text that was sent leaves with one request, and a second one is asked about", () => {
  const { releases } = makeReleases();
  releases.add([SECRET]);
  assert.deepEqual(releases.claim([SECRET, "an id"]), ["an id"]);
  assert.deepEqual(releases.claim([SECRET]), [SECRET]);
});

test("another text never leaves with a release, however alike it is", () => {
  const { releases } = makeReleases();
  releases.add([SECRET]);
  assert.deepEqual(releases.claim([`${SECRET}.`]), [`${SECRET}.`]);
  assert.deepEqual(releases.claim([SECRET]), []);
});

test("white space of an editor makes no other text", () => {
  const { releases } = makeReleases();
  releases.add(["one\ntwo\u00a0three"]);
  assert.deepEqual(releases.claim(["one two three\n"]), []);
});

test("a chat's history leaves with a message that was sent, and not without one", () => {
  const { releases } = makeReleases();
  releases.add([SECRET]);
  releases.claim([SECRET]);
  releases.add(["And a poem"]);
  assert.deepEqual(releases.claim([SECRET, "And a poem"]), []);
  assert.deepEqual(releases.claim([SECRET, "And a poem"]), [SECRET, "And a poem"]);
});

test("a page that writes a text anew may send what was found in it, and nothing more, once", () => {
  const { releases } = makeReleases();
  releases.add([SECRET], ["536-90-4399"]);
  assert.equal(releases.claimValues(["536-90-4399", "943 476 5919"]), false);
  assert.equal(releases.claimValues(["536-90-4399"]), true);
  assert.equal(releases.claimValues(["536-90-4399"]), false);
});

test("nothing found is no reason to use up a release", () => {
  const { releases } = makeReleases();
  releases.add([SECRET], ["536-90-4399"]);
  assert.equal(releases.claimValues([]), false);
  assert.equal(releases.isAwaiting, true);
});

test("a release that no request took is over after half a minute", () => {
  const { releases, wait } = makeReleases();
  releases.add([SECRET]);
  wait(30_001);
  assert.deepEqual(releases.claim([SECRET]), [SECRET]);
});

test("no text is kept, only hashes of them", () => {
  const { releases } = makeReleases();
  releases.add([SECRET], ["536-90-4399"]);
  releases.claim([SECRET]);
  const kept = JSON.stringify([...releases.open, ...releases.former].flatMap((one) => (typeof one === "string" ? one : [...one.texts, ...one.values])));
  assert.ok(!kept.includes("536-90"));
});
