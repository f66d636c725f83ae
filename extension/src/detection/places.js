/** Where each of many literals stands in the text that was looked at last. */

import { Automaton } from "./automaton.js";

export class Places {
  /** @param {string[]} literals In lower case. */
  constructor(literals) {
    this.automaton = new Automaton(literals);
    /** The numbers of the literals that are there, in the order in which they were found first. @type {number[]} */
    this.found = [];
    /** By the number of a literal. Ten thousand of them are emptied one by one: few are in any text. @type {(number[] | undefined)[]} */
    this.starts = literals.map(() => undefined);
  }

  /**
   * Look at another text, and forget the one before.
   *
   * @param {string} text In lower case.
   */
  look(text) {
    const { found, starts } = this;
    for (const literal of found) starts[literal] = undefined;
    found.length = 0;
    this.automaton.scan(text, (literal, start) => {
      const known = starts[literal];
      if (known) known.push(start);
      else {
        starts[literal] = [start];
        found.push(literal);
      }
    });
  }

  /**
   * Return where a literal stands, ascending.
   *
   * @param {number | undefined} literal
   */
  of(literal = -1) {
    return this.starts[literal] ?? [];
  }
}
