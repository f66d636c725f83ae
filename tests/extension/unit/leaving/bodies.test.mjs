import assert from "node:assert/strict";
import { test } from "node:test";
import { rewritten, textsOf } from "../../../../extension/src/leaving/bodies.js";

const URL_ = new URL("https://chat.example/api");
const JSON_ = { transport: "fetch", method: "POST", path: "/api", body: "json", text: ["messages.*.content.parts.*"] };
const FORM = { ...JSON_, body: "form", text: ["f.req"] };
const bytes = (text) => new TextEncoder().encode(text).buffer;
const said = (request, body, url = URL_) => textsOf(request, body, url).texts;

test("the places an adapter names are read, and nothing beside them", () => {
  const body = JSON.stringify({ id: "0123", messages: [{ content: { parts: ["one", "two"] } }, { content: { parts: ["three"] } }] });
  assert.deepEqual(textsOf(JSON_, { text: body }, URL_), { texts: ["one", "two", "three"], isKnown: true, isReadable: true });
});

test("a body of a new shape is read whole, and that is said", () => {
  assert.deepEqual(textsOf(JSON_, { text: '{"turns":[{"say":"one"},"two",3]}' }, URL_), { texts: ["one", "two"], isKnown: false, isReadable: true });
  assert.deepEqual(textsOf(JSON_, { text: "no JSON at all" }, URL_), { texts: ["no JSON at all"], isKnown: false, isReadable: true });
});

test("keys of an object's prototype are no places", () => {
  assert.equal(textsOf({ ...JSON_, text: ["__proto__.polluted", "constructor.name"] }, { text: '{"a":"b"}' }, URL_).isKnown, false);
});

test("JSON within JSON is opened, as Gemini packs it", () => {
  const fields = [["f.req", JSON.stringify([null, JSON.stringify([["a \"quoted\" prompt"]])])], ["at", "a token"]];
  assert.deepEqual(said(FORM, { fields }), ['a "quoted" prompt']);
  assert.deepEqual(said(FORM, { bytes: bytes(new URLSearchParams(fields).toString()), type: "application/x-www-form-urlencoded;charset=UTF-8" }), ['a "quoted" prompt']);
});

test("a form without the field is read whole", () => {
  assert.deepEqual(textsOf(FORM, { fields: [["other", "one"]] }, URL_), { texts: ["one"], isKnown: false, isReadable: true });
});

test("a multipart body is read by its fields; a picture in it is no text", async () => {
  const form = new FormData();
  form.append("data", '{"inputs":"a prompt"}');
  form.append("files", new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0x00])]), "picture.jpg");
  form.append("files", new Blob(["a text file"]), "note.txt");
  const packed = new Response(form);
  const body = { type: packed.headers.get("content-type"), bytes: await packed.arrayBuffer() };
  assert.deepEqual(said({ ...JSON_, body: "multipart", text: ["data"] }, body), ["a prompt"]);
  assert.deepEqual(said({ ...JSON_, body: "multipart", text: ["nothing"] }, body), ["a prompt", "a text file"]);
});

test("a prompt in the address is read there", () => {
  assert.deepEqual(said({ ...JSON_, body: "query", method: "GET", text: ["q"] }, {}, new URL("https://you.example/api?q=a+prompt&page=1")), ["a prompt"]);
});

test("records of a socket are read one by one", () => {
  const frame = '{"arguments":[{"message":{"text":"one"}}]}\u001e{"arguments":[{"message":{"text":"two"}}]}\u001e';
  assert.deepEqual(said({ ...JSON_, transport: "websocket", text: ["arguments.*.message.text"] }, { text: frame }), ["one", "two"]);
});

test("what is compressed, or no text at all, cannot be read and says so", async () => {
  const packed = await new Response(new Blob(["a prompt ".repeat(50)]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  assert.deepEqual(textsOf(JSON_, { bytes: packed }, URL_), { texts: [], isKnown: false, isReadable: false });
});

test("a body nested deeper than any site's does not stop the reading", () => {
  const body = `${"[".repeat(5000)}"536-90-4399"${"]".repeat(5000)}`;
  assert.ok(said(JSON_, { text: body }).join("").includes("536-90-4399"));
});

test("a body written anew differs in its texts alone, not in its numbers, keys or spaces", () => {
  const change = (text) => text.replaceAll("Ann", "[PERSON_1]");
  const body = '{ "Ann": 12345678901234567890.10, "say": "Ann\\u00e9 \\"Ann\\"", "same": "\\u0041nn Ann\\/", "rest": ["x\\/y"] }\u001e{"a":"Ann"}\u001e';
  assert.equal(rewritten(JSON_, { text: body }, change), '{ "Ann": 12345678901234567890.10, "say": "[PERSON_1]é \\"[PERSON_1]\\"", "same": "[PERSON_1] [PERSON_1]/", "rest": ["x\\/y"] }\u001e{"a":"[PERSON_1]"}\u001e');
  assert.equal(rewritten(JSON_, { bytes: bytes('{"a":"Ann"}') }, change), '{"a":"[PERSON_1]"}');
  assert.equal(rewritten({ ...JSON_, body: "text" }, { text: "by Ann" }, change), "by [PERSON_1]");
});

test("a form, an address, and what is no text are not written anew", () => {
  assert.equal(rewritten(FORM, { text: "f.req=Ann", type: "application/x-www-form-urlencoded" }, String), null);
  assert.equal(rewritten({ ...JSON_, body: "query" }, { text: "Ann" }, String), null);
  assert.equal(rewritten(JSON_, { bytes: new Uint8Array([0xff, 0xfe, 0xfd]).buffer }, String), null);
});
