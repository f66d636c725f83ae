/** Whether digits are a telephone number that some numbering plan assigns (ITU-T E.164). */

/** @typedef {[leadingDigits: string | null, whole: string, lengths: number[], kinds: string]} Region */
/** @typedef {[prefix: string | null, replacement: string | null, regions: Region[]]} Plan */
/** @typedef {Record<string, Plan>} Plans By country code, as backend/detection/phone_table.py wrote them; they come with the rules. */

const HOME_CODE = "1";
/** 555-01xx is set aside for fiction (NANPA); people paste it into tests and demos. */
const FICTIONAL = /^[0-9]{3}55501[0-9]{2}$/;

/** @type {Map<string, RegExp>} */
const beginnings = new Map();
/** @type {Map<string, RegExp>} */
const written = new Map();

/**
 * Return a plan's pattern, which backend/detection/phone_table.py wrote in a shorter way.
 *
 * @param {string} short
 */
function plan(short) {
  let made = written.get(short);
  if (!made) {
    const source = short.replaceAll("(", "(?:").replace(/[A-J]/g, (letter) => `d{${letter.charCodeAt(0) - 65}}`);
    written.set(short, (made = new RegExp(`^(?:${source.replaceAll("d", "\\d")})$`)));
  }
  return made;
}

/**
 * Return what a number starts with.
 *
 * @param {string} source
 */
function beginning(source) {
  let made = beginnings.get(source);
  if (!made) beginnings.set(source, (made = new RegExp(`^(?:${source})`)));
  return made;
}

/**
 * @param {Plans} plans
 * @param {string} digits With the country code.
 */
export function isInternationalNumber(plans, digits) {
  for (const length of [1, 2, 3]) {
    const code = digits.slice(0, length);
    const known = Object.hasOwn(plans, code) ? plans[code] : undefined;
    if (known) return isNumberOf(known, code, withoutPrefix(known, digits.slice(length)));
  }
  return false;
}

/**
 * Return the national number without the digit dialled before it inside the country.
 *
 * @param {Plan} known
 * @param {string} national
 */
function withoutPrefix([prefix, replacement, regions], national) {
  const found = prefix ? beginning(prefix).exec(national) : null;
  const main = regions[0];
  if (!prefix || !found || !main) return national;
  const isReplaced = replacement !== null && found.at(-1) !== undefined && found.length > 1;
  const stripped = isReplaced ? national.replace(beginning(prefix), replacement) : national.slice(found[0].length);
  const [, whole, lengths] = main;
  const isComplete = plan(whole).test(national) && !plan(whole).test(stripped);
  return isComplete || !lengths.includes(stripped.length) ? national : stripped;
}

/**
 * @param {Plan} known
 * @param {string} code
 * @param {string} national
 */
function isNumberOf([, , regions], code, national) {
  if (code === HOME_CODE && FICTIONAL.test(national)) return true;
  const named = regions.find(([leading]) => leading !== null && beginning(leading).test(national));
  return (named ? [named] : regions).some((region) => isAssigned(region, national));
}

/**
 * @param {Region} region
 * @param {string} national
 */
function isAssigned([, whole, lengths, kinds], national) {
  return lengths.includes(national.length) && plan(whole).test(national) && kinds !== "" && plan(kinds).test(national);
}
