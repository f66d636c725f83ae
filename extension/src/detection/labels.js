/** Labels as code and forms shorten them, written out: `nlPassportNo`, `de_id_card`, "BE passport", "P.E.S.E.L.". */

import { isAlphanumeric } from "./context.js";
import { rewritten } from "./views.js";

/** @typedef {import("./views.js").View} View */
/** @typedef {import("./views.js").Edit} Edit */

/** How far a value may stand from its label: the head of a table stands above all of its rows. */
const REACH = 4096;
/** Code (ISO 3166-1, and UK), as rules name what is of a country, and its name. */
export const COUNTRIES = `
ad andorran andorra ae uae emirates al albanian albania ar argentine argentina at austrian austria
au australian australia az azerbaijani azerbaijan bd bangladeshi bangladesh be belgian belgium bg
bulgarian bulgaria bo bolivian bolivia br brazilian brazil by belarusian belarus ca canadian canada
ch swiss switzerland cl chilean chile cn chinese china co colombian colombia cr costa_rican
costa_rica cu cuban cuba cy cypriot cyprus cz czech czechia de german germany dk danish denmark do
dominican dominicana dz algerian algeria ec ecuadorian ecuador ee estonian estonia eg egyptian egypt
es spanish spain fi finnish finland fo faroese faroes fr french france gb uk britain ge georgian
georgia gh ghana ghana gn guinean guinea gr greek greece gt guatemalan guatemala hk hong_kong
hong_kong hn honduran honduras hr croatian croatia hu hungarian hungary id indonesian indonesia ie
irish ireland il israeli israel in indian india ir iranian iran is icelandic iceland it italian
italy jp japanese japan ke kenyan kenya kr korean korea kw kuwait kuwait kz kazakh kazakhstan li
liechtenstein liechtenstein lk sri_lankan sri_lanka lt lithuanian lithuania lu luxembourg luxembourg
lv latvian latvia ma moroccan morocco md moldovan moldova me montenegrin montenegro mk macedonian
macedonia mt maltese malta mu mauritian mauritius mx mexican mexico my malaysian malaysia mz
mozambican mozambique ng nigerian nigeria ni nicaraguan nicaragua nl dutch netherlands no norwegian
norway np nepali nepal nz new_zealand new_zealand pa panamanian panama pe peruvian peru ph
philippine philippines pk pakistani pakistan pl polish poland pt portuguese portugal py paraguayan
paraguay ro romanian romania rs serbian serbia ru russian russia rw rwandan rwanda sa saudi ksa se
swedish sweden sg singapore singapore si slovenian slovenia sk slovak slovakia sn senegalese senegal
sv salvadoran salvador th thai thailand tn tunisian tunisia tr turkish turkey tw taiwan taiwan tz
tanzanian tanzania ua ukrainian ukraine ug ugandan uganda uk uk britain us us usa uy uruguayan
uruguay ve venezuelan venezuela vn vietnamese vietnam za south_african south_africa zw zimbabwean
zimbabwe
`.trim().split(/\s+/).map((word) => word.replace("_", " "));
const OF_COUNTRY = (/** @type {number} */ column) => COUNTRIES.filter((_, place) => place % 3 === column);
const ADJECTIVES = OF_COUNTRY(1);
const CODES = new Map(OF_COUNTRY(0).map((code, place) => [code, String(ADJECTIVES[place])]));
const NAMES = OF_COUNTRY(2);
/** By code, by name, and by what it gives. */
const ALL = new Map([...CODES, ...NAMES.map((name, place) => /** @type {[string, string]} */ ([name, String(ADJECTIVES[place])])), ...ADJECTIVES.map((of) => /** @type {[string, string]} */ ([of, of]))]);
/** In capitals they may be words of a text in capitals, behind a name anything. */
const ALSO_WORDS = new Set("at be by de do es in is it ma me my no se si us".split(" "));
/** In small letters these are words before a name in code too: `my_passport`. */
const WORDS_IN_NAMES = new Set("by do is ma me my no se si".split(" "));
const ID = "id";
const OF_INDONESIA = new Set(["nik", "npwp", "passport"]);
/** A label that is written out has one of these, or begins with a country's code. */
export const NOUNS = new Set(`
account address bango bank birth broj bsn card carte cedula cislo citizen citizenship civil codice
corporate dob driver drivers driving employee employer fiscal identity insurance insured itin kod
konta licence license medical medicare member national nid nino npi nr num numar number numer numero
nummer pasaporte paspoort passport patient personal phone pin plate postal postcode registration
residence resident routing seguro social ssn steuer stevilka student szam tax taxpayer tin vat
vehicle versicherung vin voter zip
`.trim().split(/\s+/));
const title = (/** @type {string} */ name) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
const ANY_NAME = [...new Set([...NAMES, ...ADJECTIVES])].map(title).sort().join("|");
const TITLES = [...NOUNS].map(title).join("|");
const ANY_NOUN = [...NOUNS, TITLES, ...[...NOUNS].map((noun) => noun.toUpperCase())].join("|");
const ANY_CODE = [...CODES.keys()].filter((code) => code !== ID && !ALSO_WORDS.has(code)).join("|");
/** Whether a text may have such a label. They begin with what is rare and look back from there: that is ten times as quick. */
const CUES = [
  `[_-](?=[A-Za-z])(?:(?<=[A-Za-z][_-])(?=${ANY_NOUN})|(?<=(?:${ANY_NOUN})[_-]))`,
  `[A-Z](?<=[a-z][A-Z])(?:(?<=(?=${TITLES})[A-Z])|(?=[A-Za-z])(?<=\\b(?:${ANY_CODE})[A-Z])|(?<=(?:${[...NOUNS].join("|")}|${TITLES})[A-Z]))`,
  `(?:[A-Z]{2}|${ANY_NAME})[ -](?:[A-Za-z]{1,12}[ ])?(?:${ANY_NOUN})`,
  `[A-Za-z.][ ][(\\[](?:[A-Za-z]{2}|${ANY_NAME})[)\\]]`,
  "[.](?<=\\b[A-Za-z][.])(?=[A-Za-z][.][A-Za-z]\\b)",
].map((cue) => new RegExp(cue));
const CODED = new RegExp(`\\b(?:${ANY_CODE})[_-][a-z]`, "i");
const LABEL = new RegExp(
  "(?<![A-Za-z])(?:" +
    `(?<country>[A-Z]{2}|${ANY_NAME})[ -](?<of>[A-Za-z]+(?:[ ][A-Za-z]+)?)` +
    "|(?<name>[A-Za-z]+(?:[_-][A-Za-z]+)+|[A-Za-z]*[a-z][A-Z][A-Za-z]*)" +
    `|(?<before>[A-Za-z]+(?:[ ][A-Za-z]+){0,3}\\.?)[ ][(\\[](?<inside>[A-Za-z]{2}|${ANY_NAME})[)\\]]` +
    "|(?<dotted>(?:[A-Za-z][.]){2,6}[A-Za-z]))",
  "g",
);
/** As `IdNr` it is a tax number's own name, and no document's. */
const OF_GERMAN_TAX = "id nr";
const PIECE = /[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]/g;

/**
 * Return `view` with its shortened labels in words, null when there are none.
 *
 * @param {View} view
 * @returns {View | null}
 */
export function writtenLabels(view) {
  if (!CODED.test(view.text) && !CUES.some((cue) => cue.test(view.text))) return null;
  const edits = [...editsOf(view.text)];
  if (!edits.length) return null;
  const made = rewritten(view, edits, null, false, REACH);
  return { ...made, changed: null, labels: made.changed ?? [] };
}

/**
 * @param {string} text
 * @returns {Generator<Edit>}
 */
function* editsOf(text) {
  LABEL.lastIndex = 0;
  for (let found = LABEL.exec(text); found; found = LABEL.exec(text)) {
    const { country, of = "", name, before = "", inside = "", dotted } = found.groups ?? {};
    let start = found.index;
    // What stands behind a country may itself be shortened.
    if (country) LABEL.lastIndex = start + country.length;
    const end = LABEL.lastIndex;
    if (isAlphanumeric(text.charCodeAt(start - 1)) || isAlphanumeric(text.charCodeAt(end))) continue;
    /** @type {string | null | undefined} */
    let label = null;
    if (name) label = ofPieces(name);
    else if (dotted) label = dotted.replaceAll(".", "").toLowerCase();
    else if (country) label = hasNoun(of.toLowerCase().split(" ")) ? countryOf(country, of) : null;
    else {
      const words = before.toLowerCase().split(" ");
      while (words.length && !hasNoun(words.slice(0, 1))) start += String(words.shift()).length + 1;
      const adjective = ALSO_WORDS.has(inside) ? null : ALL.get(inside.toLowerCase());
      if (adjective && words.length) label = [adjective, ...words].join(" ");
    }
    if (label) yield [start, end, label];
  }
}

/** @param {string[]} words */
const hasNoun = (words) => words.some((word) => NOUNS.has(word));

/** @param {string} name */
function ofPieces(name) {
  const pieces = name.split(/[_-]/).flatMap((part) => part.match(PIECE) ?? []).map((piece) => piece.toLowerCase());
  const [first = "", ...others] = pieces;
  const last = pieces.at(-1) ?? "";
  const isOfACountry = others.length > 0 && CODES.has(first) && !ALSO_WORDS.has(first) && first !== ID;
  if ((!isOfACountry && !hasNoun(pieces)) || pieces.join(" ") === OF_GERMAN_TAX) return null;
  const isWord = WORDS_IN_NAMES.has(first) && name.startsWith(first);
  const country = isWord ? null : countryOf(first.toUpperCase(), others.join(" "));
  if (country) return [country, ...others].join(" ");
  if (CODES.has(last) && !ALSO_WORDS.has(last) && last !== ID) return [CODES.get(last), ...pieces.slice(0, -1)].join(" ");
  return pieces.join(" ");
}

/**
 * Return how rules name what is of a country before a label, nothing when it is none.
 *
 * @param {string} written
 * @param {string} label
 */
function countryOf(written, label) {
  const code = written.toLowerCase();
  if (code === ID) return OF_INDONESIA.has(String(label.toLowerCase().split(" ")[0])) ? CODES.get(ID) : null;
  if (ALSO_WORDS.has(code) && (code === written || label === label.toUpperCase())) return null;
  return ALL.get(code) ?? null;
}
