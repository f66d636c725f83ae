import assert from "node:assert/strict";
import { test } from "node:test";
import { mayBeEncoded } from "../../../extension/src/detection/cues.js";

const PROSE = "the roses by the gate want water twice a week ";
const isSeenAnywhere = (sign) => Array.from({ length: PROSE.length }, (_, place) => mayBeEncoded(`${PROSE.slice(0, place)}.${sign}.${PROSE.slice(place)}`)).every(Boolean);
const isSeen = (sign) => mayBeEncoded(`${PROSE}${sign}`);

test("hexadecimal digits are seen wherever they stand", () => {
  for (const sign of ["0123456789ab", "CAFEcafe0123", "41 4e 4e 20 4c ", "3:41:4e:4e:20:4c:"]) assert.ok(isSeenAnywhere(sign), sign);
  for (const sign of ["0123456789a", "0123456789a-b", "41 4e 4e 20 4", "41  4e 4e 20 4c "]) assert.ok(!isSeen(sign), sign);
});

test("base64 is told by a capital behind a small letter, with five more signs on one side", () => {
  for (const sign of ["aB12345", "12345aB", "xx aBcDeFg"]) assert.ok(isSeenAnywhere(sign), sign);
  for (const sign of ["aB1234", "234aB", "aB 12345", "ABCDEFGH", "abcdefgh"]) assert.ok(!isSeen(`- ${sign} `), sign);
});

test("marks of other encodings are seen, the signs alone are not", () => {
  for (const sign of ["%41", "\\u0041", "\\x41", "&#65;", "&amp;"]) assert.ok(isSeenAnywhere(sign), sign);
  for (const sign of ["40% a", "a & b", "u0041"]) assert.ok(!isSeen(sign), sign);
});
