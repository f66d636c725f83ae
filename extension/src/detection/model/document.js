/**
 * The model as it is sent: whole numbers, lists of words, and what its marks are worth.
 *
 * @typedef {Record<string, [number, number][]>} Grades For each sort of span from which margin on it is so many thousandths sure.
 *
 * @typedef {object} Sent
 * @property {number} format
 * @property {string[]} labels One for nothing, then begin and inside of each sort of span.
 * @property {string} weights For each bucket and label the character that stands so far from `?`.
 * @property {number[][]} moves What it is worth to leave a label, and to go on inside its span.
 * @property {number[]} sure By sort: what is worth less than nothing by more is not followed.
 * @property {string} lists Bits, in base64.
 * @property {string[]} sorts
 * @property {Grades} sureness
 * @property {Grades} beside The same in a text in which somebody is surely named.
 */

import { WordLists } from "./lists.js";

const FORMAT = 2;
/** From so many thousandths on somebody is surely named. */
const NAMED = 530;
const PERSON = "PER";
const ZERO = "?".charCodeAt(0);

export class Model {
  /** @param {Sent} sent */
  constructor(sent) {
    if (sent.format !== FORMAT) throw new Error(`this model has format ${sent.format}, not ${FORMAT}`);
    this.labels = sent.labels.length;
    this.spans = sent.labels.filter((_, number) => number % 2).map((label) => label.slice(2));
    this.weights = new Int8Array(numbers(sent.weights, ZERO).buffer);
    this.mask = this.weights.length / this.labels - 1;
    this.moves = sent.moves;
    this.sure = sent.sure;
    this.lists = new WordLists(numbers(atob(sent.lists)));
    this.sorts = new Map(sent.sorts.flatMap((words, number) => words.split(" ").map((word) => /** @type {[string, number]} */ ([word, number + 1]))));
    this.sureness = sent.sureness;
    this.beside = sent.beside;
  }

  /**
   * Return how sure the model is of the spans of a text. Where somebody is surely named others are believed sooner.
   *
   * @param {{sort: string, margin: number}[]} marked
   */
  surenessOf(marked) {
    const sure = marked.map((one) => reached(this.sureness, one));
    const isNamed = marked.some(({ sort }, index) => sort === PERSON && Number(sure[index]) >= NAMED);
    return sure.map((one, index) => (isNamed ? Math.max(one, reached(this.beside, /** @type {{sort: string, margin: number}} */ (marked[index]))) : one) / 1000);
  }
}

/**
 * @param {Grades} grades
 * @param {{sort: string, margin: number}} span
 */
const reached = (grades, { sort, margin }) => Math.max(0, ...(grades[sort] ?? []).map(([least, sure]) => (margin >= least ? sure : 0)));

/**
 * Half a million of them: a loop takes a tenth of the time of `Uint8Array.from`.
 *
 * @param {string} signs
 * @param {number} [zero] The code of the sign that stands for 0.
 */
function numbers(signs, zero = 0) {
  const found = new Uint8Array(signs.length);
  for (let place = 0; place < signs.length; place += 1) found[place] = signs.charCodeAt(place) - zero;
  return found;
}
