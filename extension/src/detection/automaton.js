/** Finds many literals in one pass (Aho and Corasick, 1975); one flat table, no allocation per character. */

const CODE_UNITS = 0x10000;

export class Automaton {
  /** @param {string[]} literals In lower case. */
  constructor(literals) {
    this.literals = literals;
    const { columns, count } = columnsOf(literals);
    this.columns = columns;
    this.width = count + 1;
    const nodes = 1 + literals.reduce((sum, literal) => sum + literal.length, 0);
    /** The next node, by node and column; 0 is the root, and column 0 every other character. */
    this.steps = new Int32Array(nodes * this.width);
    /** @type {number[][]} Numbers of the literals that end at a node. */
    this.ends = [[]];
    literals.forEach((literal, number) => this.#grow(literal, number));
    this.steps = this.steps.slice(0, this.ends.length * this.width);
    this.#link();
  }

  /**
   * Call `found(literal, start, end)` for every occurrence, overlapping ones too.
   *
   * @param {string} text In lower case.
   * @param {(literal: number, start: number, end: number) => void} found
   */
  scan(text, found) {
    const { columns, ends, literals, steps, width } = this;
    let node = 0;
    for (let index = 0; index < text.length; index += 1) {
      node = /** @type {number} */ (steps[node * width + /** @type {number} */ (columns[text.charCodeAt(index)])]);
      const here = /** @type {number[]} */ (ends[node]);
      for (let place = 0; place < here.length; place += 1) {
        const literal = /** @type {number} */ (here[place]);
        found(literal, index + 1 - /** @type {string} */ (literals[literal]).length, index + 1);
      }
    }
  }

  /**
   * @param {string} literal
   * @param {number} number
   */
  #grow(literal, number) {
    let node = 0;
    for (let index = 0; index < literal.length; index += 1) {
      const step = node * this.width + /** @type {number} */ (this.columns[literal.charCodeAt(index)]);
      if (!this.steps[step]) this.steps[step] = this.ends.push([]) - 1;
      node = /** @type {number} */ (this.steps[step]);
    }
    this.ends[node]?.push(number);
  }

  /** Give every node the steps of its longest proper suffix where it has none of its own, nearest first. */
  #link() {
    const { ends, steps, width } = this;
    const suffix = new Int32Array(ends.length);
    const queue = [...new Set(steps.subarray(0, width))].filter((node) => node > 0);
    for (let head = 0; head < queue.length; head += 1) {
      const node = /** @type {number} */ (queue[head]);
      const shorter = /** @type {number} */ (suffix[node]);
      ends[node]?.push(.../** @type {number[]} */ (ends[shorter]));
      for (let column = 1; column < width; column += 1) {
        const child = /** @type {number} */ (steps[node * width + column]);
        const other = /** @type {number} */ (steps[shorter * width + column]);
        if (child) {
          suffix[child] = other;
          queue.push(child);
        } else steps[node * width + column] = other;
      }
    }
  }
}

/**
 * Number the characters that literals use, from 1.
 *
 * @param {string[]} literals
 */
function columnsOf(literals) {
  const columns = new Uint16Array(CODE_UNITS);
  let count = 0;
  for (const literal of literals) {
    for (let index = 0; index < literal.length; index += 1) {
      const code = literal.charCodeAt(index);
      if (!columns[code]) columns[code] = count += 1;
    }
  }
  return { columns, count };
}
