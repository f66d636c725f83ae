/**
 * Finds many literals in one pass (Aho and Corasick, 1975).
 *
 * Ten thousand literals make a hundred thousand nodes, too many for a table of every step of each. The nodes
 * near the root, where a text mostly is, have such tables; deeper ones list their children.
 */

const CODE_UNITS = 0x10000;
const ASCII = 128;
const NONE = 0;
/** How many steps from the root a node may be to have a table. */
const DEPTH = 3;

export class Automaton {
  /** @param {string[]} literals In lower case. */
  constructor(literals) {
    this.literals = literals;
    this.lengths = Int32Array.from(literals, ({ length }) => length);
    const { columns, ascii } = columnsOf(literals);
    this.columns = columns;
    /** Tables have columns for ASCII alone, which most texts are made of. */
    this.width = ascii + 1;
    const most = 1 + literals.reduce((sum, literal) => sum + literal.length, 0);
    this.trie = { child: new Int32Array(most), sibling: new Int32Array(most), column: new Uint16Array(most), count: 1 };
    /** The number of the literal that ends at a node, plus one. */
    this.ending = new Int32Array(most);
    literals.forEach((literal, number) => this.#grow(literal, number));
    /** The node of the longest proper suffix, and the nearest of these at which a literal ends. */
    this.suffix = new Int32Array(this.trie.count);
    this.shorter = new Int32Array(this.trie.count);
    this.#link();
    /** The longest literal that ends with a node's text, as the node at which it ends. */
    this.last = this.shorter.map((shorter, node) => (this.ending[node] ? node : shorter));
    /** Where a node's table begins in `steps`, -1 for a node without one. */
    this.rows = new Int32Array(this.trie.count).fill(-1);
    /** The nodes that have tables, in the order of these. */
    this.near = nearest(this.trie);
    /** The row of the node that a step leads to; `~node` where it has no row, or some literal ends there. */
    this.steps = new Int32Array(this.near.length * this.width);
    this.#tabulate();
  }

  /**
   * Call `found(literal, start, end)` for every occurrence, overlapping ones too.
   *
   * @param {string} text In lower case.
   * @param {(literal: number, start: number, end: number) => void} found
   */
  scan(text, found) {
    const { columns, ending, last, lengths, near, rows, shorter, steps, width } = this;
    let row = 0;
    for (let index = 0; index < text.length; index += 1) {
      const column = /** @type {number} */ (columns[text.charCodeAt(index)]);
      let step = column < width ? /** @type {number} */ (steps[row + column]) : this.#stepFrom(/** @type {number} */ (near[row / width]), column);
      while (step < 0) {
        const node = ~step;
        for (let here = /** @type {number} */ (last[node]); here; here = /** @type {number} */ (shorter[here])) {
          const literal = /** @type {number} */ (ending[here]) - 1;
          found(literal, index + 1 - /** @type {number} */ (lengths[literal]), index + 1);
        }
        step = /** @type {number} */ (rows[node]);
        if (step >= 0) break;
        index += 1;
        if (index >= text.length) return;
        step = this.#stepFrom(node, /** @type {number} */ (columns[text.charCodeAt(index)]));
      }
      row = step;
    }
  }

  /**
   * Return the step from a node without a table, or over a character without a column in one.
   *
   * @param {number} node
   * @param {number} column
   */
  #stepFrom(node, column) {
    const { rows, steps, suffix, trie, width } = this;
    for (let from = column === NONE ? 0 : node; ; from = /** @type {number} */ (suffix[from])) {
      const row = column < width ? /** @type {number} */ (rows[from]) : -1;
      if (row >= 0) return /** @type {number} */ (steps[row + column]);
      const child = childOf(trie, from, column);
      if (child) return ~child;
      if (!from) return 0;
    }
  }

  /**
   * @param {string} literal
   * @param {number} number
   */
  #grow(literal, number) {
    const { trie } = this;
    let node = 0;
    for (let index = 0; index < literal.length; index += 1) {
      const column = /** @type {number} */ (this.columns[literal.charCodeAt(index)]);
      let next = childOf(trie, node, column);
      if (!next) {
        next = trie.count;
        trie.count += 1;
        trie.column[next] = column;
        trie.sibling[next] = /** @type {number} */ (trie.child[node]);
        trie.child[node] = next;
      }
      node = next;
    }
    this.ending[node] = number + 1;
  }

  /** Find every node's suffix, nearest nodes first. */
  #link() {
    const { ending, shorter, suffix, trie } = this;
    const queue = new Int32Array(trie.count);
    let length = 1;
    for (let head = 0; head < length; head += 1) {
      const node = /** @type {number} */ (queue[head]);
      for (let child = /** @type {number} */ (trie.child[node]); child; child = /** @type {number} */ (trie.sibling[child])) {
        queue[length] = child;
        length += 1;
        if (node === 0) continue;
        const column = /** @type {number} */ (trie.column[child]);
        let other = /** @type {number} */ (suffix[node]);
        while (other && !childOf(trie, other, column)) other = /** @type {number} */ (suffix[other]);
        const found = childOf(trie, other, column);
        suffix[child] = found;
        shorter[child] = ending[found] ? found : /** @type {number} */ (shorter[found]);
      }
    }
  }

  /** Give the nodes near the root a table of every step. */
  #tabulate() {
    const { last, near, rows, steps, suffix, trie, width } = this;
    near.forEach((node, index) => (rows[node] = index * width));
    for (const node of near) {
      const row = /** @type {number} */ (rows[node]);
      const shorter = /** @type {number} */ (rows[/** @type {number} */ (suffix[node])]);
      if (node) steps.copyWithin(row, shorter, shorter + width);
      for (const child of childrenOf(trie, node)) {
        const column = /** @type {number} */ (trie.column[child]);
        if (column < width) steps[row + column] = last[child] || Number(rows[child]) < 0 ? ~child : Number(rows[child]);
      }
    }
  }
}

/** @typedef {{child: Int32Array, sibling: Int32Array, column: Uint16Array, count: number}} Trie */

/**
 * @param {Trie} trie
 * @param {number} node
 */
function childrenOf({ child, sibling }, node) {
  const found = [];
  for (let next = /** @type {number} */ (child[node]); next; next = /** @type {number} */ (sibling[next])) found.push(next);
  return found;
}

/**
 * Return the nodes that are to have tables, nearest to the root first.
 *
 * @param {Trie} trie
 */
function nearest(trie) {
  let level = [0];
  const near = [0];
  for (let depth = 0; depth < DEPTH; depth += 1) {
    level = level.flatMap((node) => childrenOf(trie, node));
    near.push(...level);
  }
  return near;
}

/**
 * Return a node's child, 0 when there is none.
 *
 * @param {Trie} trie
 * @param {number} node
 * @param {number} column
 */
function childOf({ child, sibling, column: columns }, node, column) {
  let found = /** @type {number} */ (child[node]);
  while (found && columns[found] !== column) found = /** @type {number} */ (sibling[found]);
  return found;
}

/**
 * Number the characters that literals use, from 1, those of ASCII first; and return how many those are.
 *
 * @param {string[]} literals
 */
function columnsOf(literals) {
  const columns = new Uint16Array(CODE_UNITS);
  let count = 0;
  const number = (/** @type {boolean} */ isAscii) => {
    for (const literal of literals) {
      for (let index = 0; index < literal.length; index += 1) {
        const code = literal.charCodeAt(index);
        if (!columns[code] && code < ASCII === isAscii) columns[code] = count += 1;
      }
    }
    return count;
  };
  const ascii = number(true);
  number(false);
  return { columns, ascii };
}
