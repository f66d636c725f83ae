import assert from "node:assert/strict";
import { test } from "node:test";
import { extract } from "../../../../extension/src/documents/extraction.js";
import { letter, page, pdfStream, workbook, zipped } from "./archives.mjs";

const read = (content, name = "file.bin", limits) => extract(new Blob([content]), name, limits);
const unread = async (content, limits) => (await read(content, "file", limits)).unread;
const utf16 = (text) => Buffer.from(text, "utf16le");

test("text is read as it is encoded, with a mark or without", async () => {
  for (const content of ["Grüße\n", Buffer.from("Gr\xfc\xdfe\n", "latin1"), utf16("\ufeffGrüße\n"), utf16("Grüße\n"), utf16("\ufeffGrüße\n").swap16(), "\ufeffGrüße\n"]) {
    assert.deepEqual(await read(content, "a.txt"), { text: "Grüße\n", counts: { lines: 1 }, unread: null });
  }
});

test("a table says what each cell is, and counts its rows and columns", async () => {
  const { text, counts } = await read('full_name;dob\r\n"Gonzalez; Maria";03/14/1962\r\n"two\nlines ""here""";x\r\n', "a.csv");
  assert.deepEqual(counts, { rows: 3, columns: 2 });
  assert.equal(text, 'full_name\tdob\nfull name: Gonzalez; Maria\tdob: 03/14/1962\nfull name: two lines "here"\tdob: x');
});

test("a Word document is read with its headers and where its links point, whatever it is called", async () => {
  const { text, counts, unread: rest } = await read(letter("Maria Gonzalez", "MRN <w:tab/>00482913"), "holiday.png");
  assert.deepEqual([counts, rest], [{ pages: 3 }, null]);
  for (const words of ["Maria Gonzalez\nMRN", "00482913", "Ward 7 & day clinic", "mailto:ann@example.org"]) assert.ok(text.includes(words), words);
});

test("a workbook's cells are read as people see them", async () => {
  const { text, counts } = await read(workbook([["name", "born", "ssn"], ["Maria Gonzalez", 22719, 536904399], ["", 22719.5, 1]]));
  assert.deepEqual(counts, { rows: 3, columns: 3, sheets: 1 });
  assert.ok(text.includes("name: Maria Gonzalez\tborn: 1962-03-14\tssn: 536904399\n\tborn: 1962-03-14\tssn: 1"), text);
});

test("a PDF's texts are read in their order, with the spaces people see", async () => {
  const operators = "BT /F1 12 Tf 72 700 Td (Patient: ) Tj [(Mar) 20 (ia) -300 (Gonz\\341lez)] TJ 0 -14 Td (DOB 03/14/1962 \\(US\\)) Tj ET";
  for (const isPacked of [true, false]) {
    const { text, counts, unread: rest } = await read(page(operators, { isPacked }));
    assert.deepEqual([counts, rest], [{ pages: 1 }, null]);
    assert.equal(text.trim(), "Patient: Maria González\nDOB 03/14/1962 (US)");
  }
});

test("letters of a PDF that only its own table explains are read by it, and are unread without it", async () => {
  const font = "/Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R";
  const table = "1 beginbfchar <0003> <0020> endbfchar 2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<0058> <00660069>] endbfrange";
  const operators = "BT /F1 9 Tf 1 0 0 1 10 20 Tm <0010001100120003> Tj <00200021> Tj ET";
  assert.equal((await read(page(operators, { font, more: pdfStream(6, table) }))).text.trim(), "ABC Xfi");
  assert.equal(await unread(page(operators, { font })), "letters");
});

test("what cannot be read is said with its reason", async () => {
  const picture = page("q /I Do Q", { resources: "/XObject << /I 7 0 R >>", more: pdfStream(7, "x", "/Subtype /Image") });
  const locked = Buffer.from(page("BT ET").toString("latin1").replace("trailer <<", "trailer << /Encrypt 9 0 R"), "latin1");
  assert.equal(await unread(picture), "pictures");
  assert.equal(await unread(locked), "locked");
  assert.equal(await unread(Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1")), "kind");
  assert.equal(await unread(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1])), "locked");
  assert.equal(await unread(zipped({ "a.txt": "hello" })), "kind");
  assert.equal(await unread(zipped({ "word/document.xml": "<a/>" }, { flags: 1 })), "locked");
  assert.equal(await unread("%PDF-1.7 nothing in here"), "damaged");
  assert.equal(await unread("too much", { file: 4 }), "large");
  assert.equal(await unread("too much", { text: 4 }), "large");
});

test("an archive made to harm is given up, in bounded time and memory", async () => {
  const bomb = "<a>" + " ".repeat(80 * 1024 * 1024);
  const started = performance.now();
  assert.equal(await unread(zipped({ "word/document.xml": bomb })), "bomb");
  assert.equal(await unread(zipped({ "word/document.xml": bomb }, { size: 10 })), "bomb");
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`word/${n}.xml`, ""]));
  assert.equal(await unread(zipped(many)), "bomb");
  const same = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`word/${n}.xml`, n ? "" : "x".repeat(150_000)]));
  assert.equal(await unread(zipped({ "word/document.xml": "", ...same }, { place: 0, packed: 0, size: 0xffffffff })), "large");
  assert.equal(await unread(letter("slow"), { milliseconds: -1 }), "slow");
  assert.ok(performance.now() - started < 8000);
});

test("a broken archive is never read halfway as if it were whole", async () => {
  const whole = letter("Maria Gonzalez");
  for (let length = 10; length < whole.length; length += 97) assert.ok(["damaged", "kind"].includes(await unread(whole.subarray(0, length))), String(length));
  for (const lies of [{ packed: 5 }, { place: 99_999_999 }, { method: 12 }]) assert.ok(["damaged", "kind"].includes(await unread(zipped({ "word/document.xml": "<w:t>x</w:t>" }, lies))));
});

test("entities of a document's own are never expanded", async () => {
  const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document><w:t>&b;&#65;&#x42;&#99999999;</w:t></w:document>';
  assert.equal((await read(zipped({ "word/document.xml": laughs }))).text, "&b;AB&#99999999;");
});

test("random bytes behind a known beginning raise nothing and take no time", async () => {
  let state = 7;
  const noise = (length) => Buffer.from(Array.from({ length }, () => ((state = (state * 1103515245 + 12345) & 0x7fffffff), state >> 16)));
  for (let round = 0; round < 40; round += 1) {
    for (const start of ["%PDF-1.4\n1 0 obj\n<<", "PK\u0003\u0004", "%PDF-1.4\n1 0 obj << /Type /Page /Contents [((((<<[[["]) assert.ok(await unread(Buffer.concat([Buffer.from(start), noise(2000)])));
  }
});
