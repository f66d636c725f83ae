/** Marks names and addresses in a text: linear scores in whole numbers, best paths by Viterbi. */

import { bestSpans } from "./decoding.js";
import { Model } from "./document.js";
import { mayBegin, REACH, score, wordOf } from "./features.js";
import { tokenised } from "./tokens.js";

/** @typedef {{sort: string, start: number, end: number, margin: number, sureness: number}} Tagged In UTF-16 units; `margin` is by how much it beats nothing. */

const MOST_KEPT = 1 << 14;

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
    const { starts, ends, read } = this.#read(text);
    const marked = bestSpans(this.model, read).map(({ sort, first, last, margin }) => ({
      sort: /** @type {string} */ (this.model.spans[sort]),
      start: /** @type {number} */ (starts[first]),
      end: /** @type {number} */ (ends[last]),
      margin,
    }));
    const sure = this.model.surenessOf(marked);
    return marked.map((one, index) => ({ ...one, sureness: Number(sure[index]) }));
  }

  /**
   * Return what each label is worth at each token by itself: tokens by labels.
   *
   * @param {string} text
   */
  scores(text) {
    const { read } = this.#read(text);
    return Array.from({ length: read.count }, (_, token) => {
      const scores = new Int32Array(this.model.labels);
      read.score(scores, token);
      return [...scores];
    });
  }

  /** @param {string} text */
  #read(text) {
    const { words, starts, ends } = tokenised(text);
    const edges = new Array(REACH).fill(this.#known(""));
    const known = [...edges, ...words.map((word) => this.#known(word)), ...edges];
    const isJoined = (/** @type {number} */ token) => Number(token > 0 && token < words.length && starts[token] === ends[token - 1]);
    /** @type {import("./decoding.js").Text} */
    const read = {
      count: words.length,
      mayBegin: (token) => mayBegin(known, token),
      score: (scores, token) => score(this.model, scores, known, token, 2 * isJoined(token) + isJoined(token + 1)),
    };
    return { starts, ends, read };
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
