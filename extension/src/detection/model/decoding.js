/** Which spans gain most together, when a span's gain does not depend on others (Viterbi 1967). */

/** @typedef {import("./document.js").Model} Model */
/** @typedef {{sort: number, first: number, last: number, margin: number}} Gain From its first to its last token; `margin` is by how much it beats nothing. */
/** @typedef {{count: number, mayBegin: (token: number) => boolean, score: (scores: Int32Array, token: number) => void}} Text `score` writes what each label is worth at a token. */
/** How the best ends at each token: the sort and first token of a span, or nothing. @typedef {([number, number] | null)[]} Ended */

/** How far behind the last token that may begin a span tokens may be part of one. */
const AHEAD = 6;

/**
 * Return the best spans of a text, in its order. Where none may begin, or began not long ago, none is looked for.
 *
 * @param {Model} model
 * @param {Text} text
 * @returns {Gain[]}
 */
export function bestSpans(model, text) {
  const scores = new Int32Array(model.labels);
  /** @type {Gain[]} */
  const spans = [];
  for (let token = 0; token < text.count; ) {
    if (!text.mayBegin(token)) {
      token += 1;
      continue;
    }
    text.score(scores, token);
    token = beginsIn(model, scores) ? from(model, text, scores, token, spans) : token + 1;
  }
  return spans;
}

/**
 * Return whether some sort of span is worth following where it begins.
 *
 * @param {Model} model
 * @param {Int32Array} scores
 */
function beginsIn(model, scores) {
  return model.sure.some((sure, sort) => gain(model, scores, 2 * sort + 1) >= -sure);
}

/**
 * Return by how much a label beats nothing.
 *
 * @param {Model} model
 * @param {Int32Array} scores
 * @param {number} label
 */
const gain = (model, scores, label) => at(scores, label) - at(scores, 0) - at(model.moves[0], 0);

/**
 * Add the best spans from a token on; return where all that is open has fallen behind by more than the `sure` of its sort.
 *
 * On a tie nothing is taken, then the sort that comes first.
 *
 * @param {Model} model
 * @param {Text} text
 * @param {Int32Array} scores Those of the first token; written over.
 * @param {number} start
 * @param {Gain[]} spans
 */
function from(model, text, scores, start, spans) {
  const [leave, stay] = /** @type {[number[], number[]]} */ (model.moves);
  const worths = [0];
  /** @type {Ended} */
  const ended = [];
  /** By sort, what is worth going on with, and its first token. @type {([number, number] | undefined)[]} */
  let open = [];
  let begun = start;
  let token = start;
  do {
    if (token > start) text.score(scores, token);
    const mayBegin = token === start || text.mayBegin(token);
    if (mayBegin && beginsIn(model, scores)) begun = token;
    if (token - begun > AHEAD) break;
    const worth = at(worths, worths.length - 1);
    let best = worth;
    /** @type {[number, number] | null} */
    let how = null;
    /** @type {([number, number] | undefined)[]} */
    const following = [];
    for (let sort = 0; sort < model.spans.length; sort += 1) {
      const begin = 2 * sort + 1;
      const begins = gain(model, scores, begin);
      if (mayBegin && begins >= -at(model.sure, sort)) {
        if (worth + begins + at(leave, begin) > best) {
          best = worth + begins + at(leave, begin);
          how = [sort, token];
        }
        following[sort] = [worth + begins + at(stay, begin), token];
      }
      const before = open[sort];
      if (before) {
        const former = before[0] + gain(model, scores, begin + 1);
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
    open = following.map((one, sort) => (one && one[0] >= best - at(model.sure, sort) ? one : undefined));
    token += 1;
  } while (token < text.count && open.some(Boolean));
  spans.push(...backwards(worths, ended, start));
  return token;
}

/**
 * Return the spans of the best path, in the order of the text.
 *
 * @param {number[]} worths
 * @param {Ended} ended
 * @param {number} start
 */
function backwards(worths, ended, start) {
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
  return found.reverse();
}

/**
 * @param {ArrayLike<number> | undefined} values
 * @param {number} place
 */
const at = (values, place) => /** @type {ArrayLike<number>} */ (values)[place] ?? 0;
