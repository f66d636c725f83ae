import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlain, writePlain } from "../../../../extension/src/documents/plain.js";

const utf16 = (text, isLittle) => Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]).map((byte, place, all) => all[isLittle ? place : place ^ 1]));
const utf8 = (text) => new TextEncoder().encode(text);
const FILES = {
  "UTF-8": utf8("Zoë, 3 €\r\n"),
  "UTF-8 with its mark": Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8("Zoë")]),
  "UTF-16, low byte first": Uint8Array.from([0xff, 0xfe, ...utf16("Zoë 3", true)]),
  "UTF-16, high byte first": Uint8Array.from([0xfe, 0xff, ...utf16("Zoë 3", false)]),
  "UTF-16 without its mark": utf16("a letter of many words", true),
  "Windows-1252": Uint8Array.from([0x5a, 0x6f, 0xeb, 0x20, 0x80, 0x20, 0x93, 0x81]),
};

for (const [name, bytes] of Object.entries(FILES)) {
  test(`a text is written as it was read: ${name}`, () => {
    const plain = readPlain(bytes);
    assert.deepEqual([...writePlain(plain)], [...bytes]);
    const changed = readPlain(writePlain({ ...plain, text: `${plain.text} [PERSON_1]` }));
    assert.deepEqual(changed, { ...plain, text: `${plain.text} [PERSON_1]` });
  });
}
