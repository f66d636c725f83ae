/**
 * Ways to name a value other than by its label directly before it.
 *
 * Some words may stand between, where a colon, an equals sign or a verb ties the label to the value:
 * "tax number of Ann Lee: 93…", or where it says whose it is: "tax no. of my wife 93…"; a sentence may mean it again: "I lost my
 * passport. The number is 93…"; a question may be answered: "your tax number? me: 93…"; or the value comes first: "93… is her
 * tax number", "93… in the tax number box", "93… / tax number".
 */

import { isFiller, wordsOf } from "./filler.js";

/** Shorter values are amounts, ages and pages. */
export const LEAST_VALUE = 4;
const MOST_WORDS = 5;
const STOPS = /[.!?;,|\n0-9]/;
export const TIES = new Set(
  `
are as be contains displays enter entered equals er era es est foi gave gives is ist jest lautet
lists listed luidt mentions printed put quoted read reads said says sea seja showed shows sia soit
stated states to told type typed use var war was write written wrote är è é était
`
    .trim()
    .split(/\s+/),
);
export const ANOTHER = new Set(
  `
account acct amount and build case code commande cost count date e email end et expires factura
fax fecha fee format id invoice issue iva kein length limit line mail mobile model modell modelo
nein no nor not nr num number numero nummer numéro número o oder or order ou page part pedido
phone policy port price rechnung ref reference room row rows section sin size tel telefon
telephone teléfono ticket time total und version without y year
`
    .trim()
    .split(/\s+/),
);
const AGAIN =
  /[.!?;,\n:-] ?(?:(?:and|but|so|since|because) )?(?:mine|it|this|that|the (?:(?:actual|complete|correct|entire|exact|full|real|right|whole) )?(?:code|id|number|one)(?: [a-z']{1,12}){0,4}?)(?:'s|:| (?:is|reads|says|should be|starts|was):?) ?["'`(«*]{0,3}$/;
const TOLD =
  /[ ,;.] ?(?:and|but|so|then) (?:he|i|she|they|we) (?:entered|gave|put|said|sent|told|tried|typed|used|wrote)(?: (?:down|her|him|in|it|me|them|us|you))?:? ?["'`(«*]{0,3}$/;
const ANSWERED = /[?\n] ?(?:a|agent|answer|caller|client|customer|her|him|i|me|patient|reply|user): ?$/;
const OF_IT = "av da de del della der des do du of van vom von".split(" ");
const ABBREVIATED = new RegExp(`^\\.(?= (?:${OF_IT.join("|")}) )`);
const ORDINAL = /^ ?#?[0-9]{1,2} ?$/;
const BEHIND =
  /^["'`*_)\]»]{0,3}(?: (?:is(?: (?:printed|shown|stamped|written))?|was|es|era|ist|war|est|était|è|é|är|er|jest)| (?:on (?:file|record) )?as| (?:corresponds|belongs) to| matches|,? (?:that|this|which)(?:'s| is| was)|,? (?:an?|eine?|een|una?|uma?|une))(?= )/;
const BEHIND_A_COMMA = /^["'`*_)\]»]{0,3}, (?:her|his|my|our|the|their|your)(?= )/;
const IN_A_FIELD = /^["'`*_)\]»]{0,3} (?:in|into|under)(?= )/;
const FIELD = /^["'`*_]{0,2} (?:box|cell|col|field|line)/;
const ENDS = new Set(["", ..."\n),.;?!"]);
const BEHIND_A_DASH = /^["'`*_)\]»]{0,3} (?:[-\u2013\u2190/=]|<[-=]) /;
const IN_BRACKETS = /^["'`*_]{0,3} ?\(/;
const ONE_MORE =
  /^["'`*_)\]»]{0,3}(?:([,;]? (?:and|as well as|e|en|et|i|ja|o|oder|og|or|ou|och|und|y)(?= )| ?[&+])| ?[,;/|]| ?[,;|]?\n[ \t]{0,8}(?:(?:[-*+\u2022]|[0-9]{1,3}[.)])[ \t]{1,4})?) ?["'`*_(\[«#]{0,3}$/;

/**
 * Return whether what stands between a label and a value, in lower case, ties the two.
 *
 * @param {string} between
 */
export function isLooselyNamed(between) {
  if (ABBREVIATED.test(between)) return isLooselyNamed(between.slice(1));
  const mark = Math.max(between.lastIndexOf(":"), between.lastIndexOf("="));
  if (mark >= 0) {
    const head = between.slice(0, mark);
    const isOfIt = ORDINAL.test(head) || (!STOPS.test(head) && areOfTheLabel(wordsOf(head)));
    return isOfIt && isFiller(between.slice(mark));
  }
  if (STOPS.test(between)) return false;
  const words = wordsOf(between);
  for (let place = words.length - 1; place >= 0; place -= 1) {
    const word = /** @type {string} */ (words[place]);
    if (TIES.has(word)) return areOfTheLabel(words.slice(0, place));
    if (!isFiller(word)) break;
  }
  return words.length > 1 && OF_IT.includes(/** @type {string} */ (words[0])) && areOfTheLabel(words);
}

/**
 * Return whether what stands between ends in words that mean the label said before.
 *
 * @param {string} between
 */
export const isMeantAgain = (between) => !/[0-9]/.test(between) && [AGAIN, TOLD, ANSWERED].some((one) => one.test(between));

/**
 * Return whether a value follows another of its kind: in a list, those are as long.
 *
 * @param {string} between
 * @param {() => boolean} isAsLong
 */
export function isOneMore(between, isAsLong) {
  const more = ONE_MORE.exec(between);
  return more !== null && (more[1] !== undefined || isAsLong());
}

/**
 * Return whether `after` a value its label follows; `rest` is what stands behind the label.
 *
 * @param {string} after
 * @param {string} rest
 */
export function isNamedBehind(after, rest) {
  if (IN_BRACKETS.test(after)) return rest.startsWith(")") && isFiller(after);
  if (BEHIND_A_DASH.test(after)) return (rest === "" || rest.startsWith("\n")) && isFiller(after);
  const tie = tieBehind(after, rest);
  if (!tie || /^[ "']*[:=]/.test(rest)) return false;
  const between = after.slice(tie[0].length);
  return !STOPS.test(between) && isFiller(between);
}

/**
 * @param {string} after
 * @param {string} rest
 */
const tieBehind = (after, rest) =>
  (ENDS.has(rest.slice(0, 1)) && BEHIND_A_COMMA.exec(after)) || (FIELD.test(rest) && IN_A_FIELD.exec(after)) || BEHIND.exec(after);

/** @param {string[]} words */
const areOfTheLabel = (words) => words.length <= MOST_WORDS && words.every((word) => !ANOTHER.has(word));
