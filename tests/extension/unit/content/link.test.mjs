import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Link } from "../../../../extension/src/content/link.js";
import { makeEvent } from "../world.mjs";

/** Ports as Chromium hands them out; the newest is the last. */
let ports;
let runtime;
beforeEach(() => {
  ports = [];
  runtime = { id: "made-up", connect: () => ports[ports.push(makePort()) - 1] };
  globalThis.chrome = { runtime };
});

function makePort() {
  const port = { told: [], isOpen: true, onMessage: { addListener: (call) => (port.say = call) }, onDisconnect: { addListener: (call) => (port.end = () => ((port.isOpen = false), call())) } };
  port.postMessage = (message) => {
    if (!port.isOpen) throw new Error("Attempting to use a disconnected port object");
    port.told.push(message);
  };
  return port;
}

const makeLink = () => {
  const link = { heard: [], isParted: false };
  return Object.assign(link, { line: new Link((message) => link.heard.push(message), () => (link.isParted = true)) });
};
const event = (id) => ({ t: "event", event: makeEvent(id) });
const soon = () => new Promise((done) => setTimeout(done, 300));
const told = (port) => port.told.filter(({ t }) => t === "event").map(({ event: { event_id } }) => event_id);

test("an event told to a worker that was just ended is told again to the next one", async () => {
  const { line } = makeLink();
  ports[0].isOpen = false; // ended, and nobody has said so yet
  line.send(event("e1"));
  await soon();
  assert.deepEqual(told(ports.at(-1)), ["e1"]);
});

test("an event is told again until the worker says that it is stored", async () => {
  const { line } = makeLink();
  line.send(event("e1"));
  line.send(event("e2"));
  ports[0].say({ t: "kept", id: "e1" });
  ports[0].end();
  await soon();
  assert.deepEqual(told(ports.at(-1)), ["e2"]);
});

test("an event that could not be stored is told again when all is well, and only then", () => {
  const { line } = makeLink();
  line.send(event("e1"));
  const [port] = ports;
  port.say({ t: "state", state: "protected" });
  port.say({ t: "state", state: "degraded" });
  assert.deepEqual(told(port), ["e1"]);
  port.say({ t: "state", state: "protected" });
  port.say({ t: "state", state: "protected" });
  assert.deepEqual(told(port), ["e1", "e1"]);
});

test("what is said while the line is down opens it at once, and it is opened once", async () => {
  const { line } = makeLink();
  ports[0].end();
  line.send(event("e1"));
  assert.deepEqual(told(ports[1]), ["e1"]);
  await soon();
  assert.equal(ports.length, 2);
});

test("who asks for a verdict when the worker ends gets none, and is not left waiting", async () => {
  const { line } = makeLink();
  const asked = line.judge("id", "text", "chatgpt.com", "typed");
  ports[0].end();
  assert.equal(await asked, null);
  await soon();
  assert.ok(ports.at(-1).told.every(({ t }) => t !== "judge"));
});

test("what may leave is told to the next worker too, and waited for until one of them knows", async () => {
  const { line } = makeLink();
  let hasLeft = false;
  void line.leave("l1", ["hash"]).then(() => (hasLeft = true));
  ports[0].end();
  await soon();
  assert.equal(hasLeft, false);
  assert.deepEqual(ports.at(-1).told.filter(({ t }) => t === "left"), [{ t: "left", id: "l1", hashes: ["hash"] }]);
  ports.at(-1).say({ t: "noted", id: "l1" });
  await soon();
  assert.equal(hasLeft, true);
  ports.at(-1).end();
  await soon();
  assert.ok(ports.at(-1).told.every(({ t }) => t !== "left"));
});

test("a worker is up once it has said how things stand, until it ends", async () => {
  const { line } = makeLink();
  assert.equal(line.isUp, false);
  ports[0].say({ t: "state", state: "protected" });
  assert.equal(line.isUp, true);
  ports[0].end();
  assert.equal(line.isUp, false);
});

test("when the extension was updated the line is gone for good, and the tab is told", async () => {
  const link = makeLink();
  delete runtime.id;
  ports[0].end();
  await soon();
  assert.ok(link.isParted);
  assert.equal(ports.length, 1);
});
