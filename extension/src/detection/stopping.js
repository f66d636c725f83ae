/** Finds out whether one of very many words stands in a text, by how they begin. */

/** Words by their first letters: a text is looked at once, however many they are. */
export class StopWords {
  /** @param {string[]} words */
  constructor(words) {
    this.size = words.length ? Math.min(...words.map((word) => word.length)) : 0;
    /** @type {Map<string, string[]>} */
    this.byStart = new Map();
    for (const word of words) {
      const start = word.slice(0, this.size);
      const some = this.byStart.get(start);
      if (some) some.push(word);
      else this.byStart.set(start, [word]);
    }
  }

  /** @param {string} text */
  standIn(text) {
    for (let place = 0; place + this.size <= text.length; place += 1) {
      const some = this.byStart.get(text.slice(place, place + this.size));
      if (some?.some((word) => text.startsWith(word, place))) return true;
    }
    return false;
  }
}

/** @type {WeakMap<import("./rulebook.js").Rule, StopWords>} */
const known = new WeakMap();

/**
 * Return a rule's stop words, ready to be looked for.
 *
 * @param {import("./rulebook.js").Rule} rule
 */
export function stopWordsOf(rule) {
  let words = known.get(rule);
  if (!words) known.set(rule, (words = new StopWords(rule.stop_words)));
  return words;
}
