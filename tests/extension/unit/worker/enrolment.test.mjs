import assert from "node:assert/strict";
import { test } from "node:test";
import { enrol, enrolByAdministrator, isWished } from "../../../../extension/src/worker/enrolment.js";
import { enqueue } from "../../../../extension/src/worker/queue.js";
import { noteContact, noteTrouble, state } from "../../../../extension/src/worker/standing.js";
import { makeBrowser, makeConnection, makeEnrolled, makeEvent } from "../world.mjs";

const DEVICES = "POST /enrolment/devices";
const managed = { serverUrl: "https://quillgate.example", enrolmentToken: "ABCD-EFGH-IJKL-MNOP", userEmail: "nurse@clinic.example" };
const wrongCode = { status: 422, body: { code: "wrong-code", detail: "This enrolment code does not work here." } };

test("what an administrator set connects the browser, once", async () => {
  const world = makeBrowser({ managed });
  world.answers[DEVICES] = makeEnrolled();
  await enrolByAdministrator();
  await enrolByAdministrator();
  assert.equal(world.asked.length, 1);
  assert.equal(world.asked[0].origin, managed.serverUrl);
  assert.equal(world.asked[0].body.code, managed.enrolmentToken);
  assert.equal(world.asked[0].body.user_email, managed.userEmail);
  assert.equal(world.local.content.connection.client.id, "clinic");
});

test("a copy made for a server with a code connects itself; the browser's policy goes before", async () => {
  const bundled = { server_url: "https://copy.example", enrolment_code: "AAAA-AAAA-AAAA-AAAA" };
  const world = makeBrowser({ bundled });
  world.answers[DEVICES] = makeEnrolled();
  await enrolByAdministrator();
  assert.equal(world.asked[0].origin, bundled.server_url);
  const both = makeBrowser({ bundled, managed });
  both.answers[DEVICES] = makeEnrolled();
  await enrolByAdministrator();
  assert.equal(both.asked[0].origin, managed.serverUrl);
});

test("nobody's browser asks nobody", async () => {
  const world = makeBrowser({ bundled: { server_url: "https://copy.example", enrolment_code: null } });
  await enrolByAdministrator();
  assert.equal(await isWished(), false);
  assert.equal(await state(false), "unconnected");
  assert.deepEqual(world.asked, []);
});

test("until an administrator's browser is connected it is never taken for nobody's", async () => {
  makeBrowser({ managed });
  assert.equal(await state(false), "starting");
  await enrolByAdministrator().catch(noteTrouble);
  assert.equal(await state(false), "degraded");
});

test("a code that was refused is not tried again at every waking", async () => {
  const world = makeBrowser({ managed });
  world.answers[DEVICES] = wrongCode;
  await assert.rejects(enrolByAdministrator(), { code: "wrong-code" });
  await assert.rejects(enrolByAdministrator(), { code: "wrong-code" });
  assert.equal(world.asked.length, 1);
});

test("a new code is tried at once, and an old one again after a day", async () => {
  const world = makeBrowser({ managed: { ...managed } });
  world.answers[DEVICES] = wrongCode;
  await assert.rejects(enrolByAdministrator());
  world.managed.enrolmentToken = "BBBB-BBBB-BBBB-BBBB";
  await assert.rejects(enrolByAdministrator());
  assert.equal(world.asked.length, 2);
  world.local.content.refused.at -= 25 * 60 * 60 * 1000;
  world.answers[DEVICES] = makeEnrolled();
  await enrolByAdministrator();
  assert.equal(world.local.content.connection.client.id, "clinic");
});

test("a server that is busy or away is asked again at the next waking", async () => {
  const world = makeBrowser({ managed });
  for (const answer of [{ status: 429, body: { code: "too-many" } }, { status: 503 }, new TypeError("away"), { status: 404 }]) {
    world.answers[DEVICES] = answer;
    await assert.rejects(enrolByAdministrator());
  }
  world.answers[DEVICES] = makeEnrolled();
  await enrolByAdministrator();
  assert.equal(world.local.content.connection.client.id, "clinic");
});

test("prompts are not sent to a server in the clear, unless the copy was made for it", async () => {
  const world = makeBrowser({ bundled: { server_url: "http://10.0.0.5:8080" } });
  world.answers[DEVICES] = makeEnrolled();
  await assert.rejects(enrol("http://quillgate.example", "A", ""), { code: "insecure" });
  await assert.rejects(enrol("ftp://quillgate.example", "A", ""), { code: "address" });
  await assert.rejects(enrol("quillgate", "A", ""), { code: "address" });
  assert.deepEqual(world.asked, []);
  for (const server of ["http://127.0.0.1:8080", "http://localhost:8080", "https://quillgate.example", "http://10.0.0.5:8080"]) await enrol(server, "A", "");
  assert.equal(world.asked.length, 4);
});

test("changing the organisation first delivers what waits, and then forgets what the popup showed", async () => {
  const world = makeBrowser();
  await world.local.set({ connection: makeConnection(), recent: [{ id: "s1" }] });
  await enqueue(makeEvent("e1"));
  world.answers[DEVICES] = makeEnrolled("practice", "d2");
  world.answers["POST /audit/events"] = {};
  await enrol("https://other.example", "A", "");
  assert.deepEqual(world.asked.map(({ origin, path }) => `${origin} ${path}`), [`https://other.example ${DEVICES}`, "https://quillgate.example POST /audit/events"]);
  assert.equal(world.local.content.recent, undefined);
});

test("the state follows what happened last, and nothing is claimed before the first contact", async () => {
  const world = makeBrowser();
  await world.local.set({ connection: makeConnection() });
  assert.equal(await state(true), "starting");
  await noteContact();
  assert.equal(await state(true), "protected");
  await noteTrouble({ code: "unreachable" });
  assert.equal(await state(true), "offline");
  await noteTrouble({ code: "signature" });
  assert.equal(await state(true), "degraded");
  assert.equal(await state(false), "degraded");
});
