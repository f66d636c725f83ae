/**
 * Finds many literals in one pass (Aho and Corasick, 1975).
 *
 * Ten thousand literals make a hundred thousand nodes, too many for a table of every step of each. The nodes
 * near the root, where a text mostly is, have such tables; deeper ones list their children.
 */

const CODE_UNITS = 0x10000;
const NONE = 0;

export class Automaton {
  /** @param {string[]} literals In lower case. */
  constructor(literals) {
    this.literals = literals;
    const { columns, count } = columnsOf(literals);
    this.columns = columns;
    this.width = count + 1;
    const most = 1 + literals.reduce((sum, literal) => sum + literal.length, 0);
    this.trie = { child: new Int32Array(most), sibling: new Int32Array(most), column: new Uint16Array(most), count: 1 };
    /** The number of the literal that ends at a node, plus one. */
    this.ending = new Int32Array(most);
    literals.forEach((literal, number) => this.#grow(literal, number));
    /** The node of the longest proper suffix, and the nearest of these at which a literal ends. */
    this.suffix = new Int32Array(this.trie.count);
    this.shorter = new Int32Array(this.trie.count);
    /** Where a node's table begins in `steps`, -1 for a node without one. */
    this.rows = new Int32Array(this.trie.count).fill(-1);
    this.steps = new Int32Array();
    this.#link();
    this.#tabulate();
  }

  /**
   * Call `found(literal, start, end)` for every occurrence, overlapping ones too.
   *
   * @param {string} text In lower case.
   * @param {(literal: number, start: number, end: number) => void} found
   */
  scan(text, found) {
    const { columns, ending, literals, shorter } = this;
    let node = 0;
    for (let index = 0; index < text.length; index += 1) {
      const column = /** @type {number} */ (columns[text.charCodeAt(index)]);
      node = column === NONE ? 0 : this.#step(node, column);
      let here = ending[node] ? node : /** @type {number} */ (shorter[node]);
      while (here) {
        const literal = /** @type {number} */ (ending[here]) - 1;
        found(literal, index + 1 - /** @type {string} */ (literals[literal]).length, index + 1);
        here = /** @type {number} */ (shorter[here]);
      }
    }
  }

  /**
   * @param {number} from
   * @param {number} column
   */
  #step(from, column) {
    let node = from;
    for (;;) {
      const row = /** @type {number} */ (this.rows[node]);
      if (row >= 0) return /** @type {number} */ (this.steps[row + column]);
      const child = childOf(this.trie, node, column);
      if (child) return child;
      node = /** @type {number} */ (this.suffix[node]);
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

  /** Give the nodes up to two steps from the root a table of every step. */
  #tabulate() {
    const { suffix, trie, width } = this;
    const near = [0, ...childrenOf(trie, 0)];
    near.push(...near.slice(1).flatMap((node) => childrenOf(trie, node)));
    this.steps = new Int32Array(near.length * width);
    near.forEach((node, index) => {
      const row = index * width;
      const shorter = node ? /** @type {number} */ (this.rows[/** @type {number} */ (suffix[node])]) : 0;
      this.rows[node] = row;
      if (node) this.steps.copyWithin(row, shorter, shorter + width);
      for (const child of childrenOf(trie, node)) this.steps[row + /** @type {number} */ (trie.column[child])] = child;
    });
  }
}

/** @typedef {{child: Int32Array, sibling: Int32Array, column: Uint16Array}} Trie */

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
