// Prints the tables of words that the detector has in both languages, one line of JSON for each.
import { COUNTRIES, NOUNS } from "../../extension/src/detection/labels.js";
import { WORDS } from "../../extension/src/detection/filler.js";
import { ANOTHER, TIES } from "../../extension/src/detection/naming.js";

for (const words of [WORDS, TIES, ANOTHER, NOUNS, COUNTRIES]) console.log(JSON.stringify([...words].sort()));
