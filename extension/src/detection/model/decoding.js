/** Which spans gain most together, when a span's gain does not depend on others (Viterbi 1967). */

/** @typedef {import("./document.js").Model} Model */
/** @typedef {{sort: number, first: number, last: number, margin: number}} Gain From its first to its last token; `margin` is by how much it beats nothing. */

/**
 * Return the best spans of a text, given each label's worth at each token, in text order.
 *
 * @param {Model} model
 * @param {Int32Array} scores Tokens by labels.
 * @returns {Gain[]}
 */
export function bestSpans(model, scores) {
  const leave = at(model.moves[0], 0);
  const count = scores.length / model.labels;
  const gain = (/** @type {number} */ place, /** @type {number} */ label) => at(scores, place * model.labels + label) - at(scores, place * model.labels) - leave;
  /** @type {Gain[]} */
  const spans = [];
  for (let place = 0; place < count; ) {
    const start = place;
    if (model.spans.some((_, sort) => gain(start, 2 * sort + 1) >= -model.sure)) place = from(model, gain, start, count, spans);
    else place += 1;
  }
  return spans;
}

/**
 * Add the best spans from a token on; return where all that is open has fallen behind by more than `sure`.
 *
 * On a tie nothing is taken, then the sort that comes first.
 *
 * @param {Model} model
 * @param {(place: number, label: number) => number} gain
 * @param {number} start
 * @param {number} count
 * @param {Gain[]} spans
 */
function from(model, gain, start, count, spans) {
  const [leave, stay] = /** @type {[number[], number[]]} */ (model.moves);
  const worths = [0];
  /** How the best ends at each token: the sort and first token of a span, or nothing. @type {([number, number] | null)[]} */
  const ended = [];
  /** By sort, what is worth going on with, and its first token. @type {([number, number] | undefined)[]} */
  let open = [];
  let place = start;
  while (place < count) {
    const worth = at(worths, worths.length - 1);
    let best = worth;
    /** @type {[number, number] | null} */
    let how = null;
    /** @type {([number, number] | undefined)[]} */
    const following = new Array(model.spans.length);
    for (let sort = 0; sort < model.spans.length; sort += 1) {
      const begin = 2 * sort + 1;
      const begins = gain(place, begin);
      if (begins >= -model.sure) {
        if (worth + begins + at(leave, begin) > best) {
          best = worth + begins + at(leave, begin);
          how = [sort, place];
        }
        following[sort] = [worth + begins + at(stay, begin), place];
      }
      const before = open[sort];
      if (before) {
        const former = before[0] + gain(place, begin + 1);
        if (former + at(leave, begin + 1) > best) {
          best = former + at(leave, begin + 1);
          how = [sort, before[1]];
        }
        const going = former + at(stay, begin + 1);
        if (going >= (following[sort]?.[0] ?? -Infinity)) following[sort] = [going, before[1]];
      }
    }
    worths.push(best);
    ended.push(how);
    const least = best - model.sure;
    open = following.map((one) => (one && one[0] >= least ? one : undefined));
    place += 1;
    if (!open.some(Boolean)) break;
  }
  /** @type {Gain[]} */
  const found = [];
  for (let end = ended.length; end; ) {
    const how = ended[end - 1];
    if (!how) {
      end -= 1;
      continue;
    }
    const [sort, first] = how;
    found.push({ sort, first, last: start + end - 1, margin: at(worths, end) - at(worths, first - start) });
    end = first - start;
  }
  spans.push(...found.reverse());
  return place;
}

/**
 * @param {ArrayLike<number> | undefined} values
 * @param {number} place
 */
const at = (values, place) => /** @type {ArrayLike<number>} */ (values)[place] ?? 0;
