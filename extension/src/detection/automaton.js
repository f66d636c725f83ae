/** Finds many literals in one pass (Aho and Corasick, 1975); the tables are flat and typed. */

export class Automaton {
  /** @param {string[]} literals In lower case. */
  constructor(literals) {
    this.literals = literals;
    /** @type {Map<number, number>[]} */
    const children = [new Map()];
    /** @type {number[][]} */
    const ends = [[]];
    literals.forEach((literal, number) => {
      let node = 0;
      for (let index = 0; index < literal.length; index += 1) {
        const code = literal.charCodeAt(index);
        let next = children[node]?.get(code);
        if (next === undefined) {
          next = children.push(new Map()) - 1;
          ends.push([]);
          children[node]?.set(code, next);
        }
        node = next;
      }
      ends[node]?.push(number);
    });
    this.children = children;
    this.fails = new Int32Array(children.length);
    this.ends = ends;
    this.#link();
    /** ASCII steps of every node, resolved; other characters go by the maps. */
    this.steps = new Int32Array(children.length * 128);
    for (let node = 0; node < children.length; node += 1) {
      for (let code = 0; code < 128; code += 1) this.steps[node * 128 + code] = this.#resolve(node, code);
    }
  }

  /**
   * Call `found(literal, start, end)` for every occurrence, overlapping ones too.
   *
   * @param {string} text In lower case.
   * @param {(literal: number, start: number, end: number) => void} found
   */
  scan(text, found) {
    let node = 0;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      node = code < 128 ? /** @type {number} */ (this.steps[node * 128 + code]) : this.#resolve(node, code);
      const ends = this.ends[node];
      if (ends?.length) {
        for (const literal of ends) found(literal, index + 1 - /** @type {string} */ (this.literals[literal]).length, index + 1);
      }
    }
  }

  #link() {
    /** @type {number[]} */
    const queue = [...(this.children[0]?.values() ?? [])];
    for (let head = 0; head < queue.length; head += 1) {
      const node = /** @type {number} */ (queue[head]);
      for (const [code, child] of this.children[node] ?? []) {
        const fail = this.#resolve(/** @type {number} */ (this.fails[node]), code);
        this.fails[child] = fail;
        this.ends[child] = [...(this.ends[child] ?? []), ...(this.ends[fail] ?? [])];
        queue.push(child);
      }
    }
  }

  /**
   * @param {number} node
   * @param {number} code
   * @returns {number}
   */
  #resolve(node, code) {
    for (let at = node; ; at = /** @type {number} */ (this.fails[at])) {
      const next = this.children[at]?.get(code);
      if (next !== undefined) return next;
      if (at === 0) return 0;
    }
  }
}
