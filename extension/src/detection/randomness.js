/** How unlike written language a text is; the twin of backend/detection/randomness.py, which says more. */

const LONGEST_SEQUENCE = 8;
const SIGNS = 28;
const DIGIT = 26;
const OTHER = 27;
/** Row by row, the second sign behind the first; a letter of base 36 is so many quarters of a bit. */
const COSTS = [
  "zjfiztlzgzscidzkzedaovoxmzzo",
  "9znv9zxzkozbnzdwzglzhzzzgzwo",
  "gzqzbzzekzfezz8xznzckzzzjzyp",
  "czzl7upz9zzovpjwznfzqzzzoztc",
  "juheojszszzgmbxnradexmpipzxi",
  "gzwzklzz8zzluzazzaslizzzwzuc",
  "izzz7zsiazztufktzheihzzzzzxf",
  "9zzz6zzzcwzuwqczznrjtzzzqzvk",
  "stffgjhzzzzkh9eozndczpzwzwzv",
  "ozzzcuzzszlzxvbqzz5xbznzztxo",
  "sszx3zzzezzsxgwvzugxpttzzzzg",
  "czzi8fuzazzfuzevzximhzzzozzn",
  "bfzv7zzzfzzqnrf9zzgtqzzzzzzl",
  "gzgbdrdznzwtzmeuztebiuzzpzzi",
  "uskkyjpzqzngf8lkz9kihrizzwzt",
  "azzwbzvqhzzdzz9kzenhkzzzqzwm",
  "fzzzzzmzzzzhzzzuzmzz1xxzzzzx",
  "fzsj8zqzfzsrqfbzzlfdhlzzlzzl",
  "lzmz8ztjfzrpzwikzzg8mzqznzzd",
  "ezptauybdzztxzfwzefkgzuzjzzf",
  "ojolcyvvizzddczizaegmwzzzzzt",
  "8zzz4zzz9zzzzxpzzzzzzzwzzzqq",
  "azzzczzaczztzfbzzifxzzzxzzzj",
  "izfvkzzvjzzyzzpczzy3zzyunzki",
  "wvyweyzzjzzmsbp8ztefyrozwpza",
  "cvzz4zzxfzzzvxozzpszvsxzureg",
  "nyzyyxzzzzzzzzzzzzzzzzzszzg9",
  "hnfjkjoofnqjlmlhxiejnlozzqed",
].join("");
const QUARTERS = Uint8Array.from(COSTS, (letter) => parseInt(letter, 36));

/**
 * Return the mean cost of the pairs of neighbours in bits; 0 for fewer than two signs.
 *
 * @param {string} value
 */
export function bitsPerPair(value) {
  const signs = [...value.toLowerCase()].map(sign);
  if (signs.length < 2) return 0;
  let quarters = 0;
  for (let place = 1; place < signs.length; place += 1) quarters += QUARTERS[Number(signs[place - 1]) * SIGNS + Number(signs[place])] ?? 0;
  return quarters / 4 / (signs.length - 1);
}

/**
 * Return whether eight neighbours stand in alphabetical or numerical order, as placeholders do.
 *
 * @param {string} value
 */
export function holdsASequence(value) {
  let run = 1;
  for (let place = 1; place < value.length; place += 1) {
    run = value.charCodeAt(place) === value.charCodeAt(place - 1) + 1 ? run + 1 : 1;
    if (run >= LONGEST_SEQUENCE) return true;
  }
  return false;
}

/** @param {string} letter */
function sign(letter) {
  if (letter >= "a" && letter <= "z" && letter.length === 1) return letter.charCodeAt(0) - 97;
  return letter >= "0" && letter <= "9" && letter.length === 1 ? DIGIT : OTHER;
}
