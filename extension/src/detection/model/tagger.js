/** Marks names and addresses in a text: linear scores in whole numbers, best paths by Viterbi. */

import { bestSpans } from "./decoding.js";
import { Model } from "./document.js";
import { REACH, scoresOf, wordOf } from "./features.js";
import { tokenised } from "./tokens.js";

/** @typedef {{sort: string, start: number, end: number, margin: number, sureness: number}} Tagged In UTF-16 units; `margin` is by how much it beats nothing. */

const MOST_KEPT = 1 << 13;

export class Tagger {
  /** @param {import("./document.js").Sent} sent */
  constructor(sent) {
    this.model = new Model(sent);
    /** What was worked out of single tokens, in the memory of this tab alone. @type {Map<string, import("./features.js").Word>} */
    this.memory = new Map();
  }

  /**
   * Return what is marked in a text, in its order.
   *
   * @param {string} text
   * @returns {Tagged[]}
   */
  tagged(text) {
    const tokens = tokenised(text);
    return bestSpans(this.model, this.scores(tokens)).map(({ sort, first, last, margin }) => {
      const name = /** @type {string} */ (this.model.spans[sort]);
      return { sort: name, start: /** @type {number} */ (tokens.starts[first]), end: /** @type {number} */ (tokens.ends[last]), margin, sureness: this.model.surenessOf(name, margin) };
    });
  }

  /**
   * Return what each label is worth at each token by itself: tokens by labels.
   *
   * @param {import("./tokens.js").Tokens} tokens
   */
  scores({ words, starts, ends }) {
    const edges = new Array(REACH).fill(this.#known(""));
    const joints = words.map((_, token) => Number(token > 0 && starts[token] === ends[token - 1]));
    return scoresOf(this.model, [...edges, ...words.map((word) => this.#known(word)), ...edges], [...joints, 0]);
  }

  /** @param {string} token */
  #known(token) {
    let known = this.memory.get(token);
    if (!known) {
      if (this.memory.size >= MOST_KEPT) this.memory.clear();
      this.memory.set(token, (known = wordOf(this.model, token)));
    }
    return known;
  }
}
