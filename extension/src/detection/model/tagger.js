/** Marks names and addresses in a text: linear scores in whole numbers, best paths by Viterbi. */

import { bestSpans } from "./decoding.js";
import { Model } from "./document.js";
import { addRow, addTogether, EDGES, PLACES, REACH, wordOf } from "./features.js";
import { tokenised } from "./tokens.js";

/** @typedef {{sort: string, start: number, end: number, margin: number, sureness: number}} Tagged In UTF-16 units; `margin` is by how much it beats nothing. */

const MOST_KEPT = 1 << 15;

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
    const { model } = this;
    const { labels } = model;
    const edge = this.#known("");
    const edges = Array.from({ length: REACH }, () => edge);
    const known = [...edges, ...words.map((word) => this.#known(word)), ...edges];
    const scores = new Int32Array(words.length * labels);
    const isGlued = (/** @type {number} */ place) => Number(place > 0 && place < words.length && starts[place] === ends[place - 1]);
    for (let token = 0; token < words.length; token += 1) {
      const at = token * labels;
      for (let place = 0; place < PLACES; place += 1) {
        const given = /** @type {import("./features.js").Word} */ (known[token + 2 * REACH - place]).scores;
        addRow(scores, at, given, place * labels, labels);
      }
      const first = token + REACH - EDGES;
      addTogether(model, scores, at, known.slice(first, first + 2 * EDGES + 1), 2 * isGlued(token) + isGlued(token + 1));
    }
    return scores;
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
