/**
 * Return the Shannon entropy of the characters of `value`, in bits per character.
 *
 * @param {string} value
 */
export function bitsPerCharacter(value) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  let length = 0;
  for (const character of value) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
    length += 1;
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return bits;
}
