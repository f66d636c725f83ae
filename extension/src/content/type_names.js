/** Names of types that have none of their own: what the country calls it, and the country. */

/** What is longer is a word; what is not, and is no word here, is said letter by letter. */
const LONGEST_LETTERS = 6;
const SHORT_WORDS = new Set(
  "address age alien asmens bank birth blood card care carte case cedula cislo civil claim code court credit data date device donor driver email expiry fax fiscal health hull kodas kods member mental number of organ other permit person phone photo plate policy postal prior record rodne roll secret serial sexual social sort street tax term track type union unique use utente vitale voter excise"
    .toUpperCase()
    .split(" "),
);
/** The rules say UK, where the standard says GB (ISO 3166-1). */
const COUNTRIES = new Map([["UK", "GB"]]);

/**
 * Return `SIRET (France)` for `FR_SIRET`.
 *
 * @param {string} type
 * @param {string} language
 */
export function derivedName(type, language) {
  const [country, ...others] = type.split("_");
  if (country?.length !== 2 || !others.length) return words(type.split("_"));
  const names = new Intl.DisplayNames([language], { type: "region" });
  return `${words(others)} (${names.of(COUNTRIES.get(country) ?? country)})`;
}

/** @param {string[]} parts */
function words(parts) {
  const said = parts.map((part) => (part.length <= LONGEST_LETTERS && !SHORT_WORDS.has(part) ? part : part.toLowerCase())).join(" ");
  return said.charAt(0).toUpperCase() + said.slice(1);
}
