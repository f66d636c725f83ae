import assert from "node:assert/strict";
import { test } from "node:test";
import { derivedName } from "../../../../extension/src/content/type_names.js";
import { rulebook } from "../shared.mjs";

test("a type is called what its country calls it, in the reader's language", () => {
  assert.equal(derivedName("FR_SIRET", "en"), "SIRET (France)");
  assert.equal(derivedName("DE_ID_CARD", "es"), "ID card (Alemania)");
  assert.equal(derivedName("UK_PASSPORT", "en"), "Passport (United Kingdom)");
  assert.equal(derivedName("NO_FODSELSNUMMER", "en"), "Fodselsnummer (Norway)");
});

test("every type of a country names a country that there is", () => {
  const countries = new Set(rulebook.rules.map(({ type }) => type).filter((type) => /^[A-Z]{2}_/.test(type) && !type.startsWith("IP_")));
  assert.ok(countries.size > 400);
  for (const type of countries) assert.match(derivedName(type, "en"), /\([A-Z][^)]{3,}\)$/u, type);
});
