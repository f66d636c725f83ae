/** Where each of many literals stands in the text that was looked at last. */

import { Automaton } from "./automaton.js";
import { isInOtherLetters, isWholeWord } from "./context.js";

const WHOLE = 1;
const WHOLE_IN_OTHER_LETTERS = 2;
const ANYWHERE = 3;

export class Places {
  /**
   * @param {string[]} literals In lower case.
   * @param {Set<string>} whole Those of which it counts where they stand as whole words.
   * @param {Set<string>} anywhere Those of which it counts where they stand. Most of what is found is a part of a word.
   * @param {(literal: string) => string} endingsOf What may follow a whole word.
   */
  constructor(literals, whole, anywhere, endingsOf) {
    this.automaton = new Automaton(literals);
    this.kinds = Uint8Array.from(literals, (literal) => (anywhere.has(literal) ? ANYWHERE : !whole.has(literal) ? 0 : isInOtherLetters(literal) ? WHOLE_IN_OTHER_LETTERS : WHOLE));
    this.endings = literals.map(endingsOf);
    /** The numbers of the literals that are there, in the order in which they were found first. @type {number[]} */
    this.found = [];
    /** By the number of a literal. Ten thousand of them are emptied one by one: few are in any text. @type {(number[] | undefined)[]} */
    this.starts = literals.map(() => undefined);
    /** What was looked at last. */
    this.text = "";
  }

  /**
   * Look at another text, and forget the one before.
   *
   * @param {string} text In lower case.
   */
  look(text) {
    if (text === this.text) return;
    this.text = text;
    const { found, kinds, starts, endings } = this;
    for (const literal of found) starts[literal] = undefined;
    found.length = 0;
    this.automaton.scan(text, (literal, start, end) => {
      let known = starts[literal];
      if (!known) {
        starts[literal] = known = [];
        found.push(literal);
      }
      const kind = kinds[literal];
      if (kind === ANYWHERE || (kind && isWholeWord(text, start, end, kind === WHOLE_IN_OTHER_LETTERS, endings[literal]))) known.push(start);
    });
  }

  /**
   * Return where a literal stands that counts, ascending.
   *
   * @param {number | undefined} literal
   */
  of(literal = -1) {
    return this.starts[literal] ?? [];
  }
}
