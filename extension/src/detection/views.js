/** A text as the patterns see it, and where each of its characters stood in the original. */

/** How far from an edit a rewritten view shows the text: farther than any rule looks for words. */
const REACH = 256;
/** Stands for what is left out. */
const GAP = "\n";

/**
 * One reading of a text. `starts[i]` and `ends[i]` are the code points of the original that UTF-16 unit i of
 * `text` stands for, null where it is the original itself. In a view made by undoing something, only what
 * touches `changed` is news; in one made by writing out labels, what those name, `labels`. `folded` is the text in lower case, once it was asked for.
 *
 * @typedef {{text: string, starts: ArrayLike<number> | null, ends: ArrayLike<number> | null, changed: [number, number][] | null, isJoined: boolean, isDecoded?: boolean, labels?: [number, number][], folded?: string}} View
 * @typedef {[start: number, end: number, text: string]} Edit
 * @typedef {[start: number, end: number]} Span
 */

/**
 * Return the span of the original, in code points, that became [start, end).
 *
 * @param {View} view
 * @param {number} start
 * @param {number} end
 * @returns {Span}
 */
export function original(view, start, end) {
  if (!view.starts || !view.ends) return [start, end];
  return [Number(view.starts[start]), Number(view.ends[end - 1])];
}

/**
 * Return whether [start, end) could not be read before this view was made.
 *
 * @param {View} view
 * @param {number} start
 * @param {number} end
 */
export function isNews({ changed }, start, end) {
  if (!changed) return true;
  let low = 0;
  let high = changed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {Span} */ (changed[middle])[0] < end) low = middle + 1;
    else high = middle;
  }
  return low > 0 && /** @type {Span} */ (changed[low - 1])[1] > start;
}

/**
 * Return `view` with each [start, end, text] put in place, left to right, not overlapping.
 *
 * Every unit of an edit's text stands for the whole of [start, end). What changed are the `regions`, in
 * offsets of `view`, or the edits themselves. What is farther from any edit than `reach`, which no context word
 * could be, is left out.
 *
 * @param {View} view
 * @param {Edit[]} edits
 * @param {Span[] | null} regions
 * @param {boolean} isJoined
 * @param {number} [reach]
 * @returns {View}
 */
export function rewritten(view, edits, regions, isJoined, reach = REACH) {
  const made = new Rewriting(view, edits, reach);
  for (const [start, end, text] of edits) {
    made.copyUntil(start, false);
    made.put(start, end, text);
  }
  made.copyUntil(view.text.length, true);
  const changed = regions ? regions.map((region) => made.moved(region)) : made.putIn;
  return { text: made.parts.join(""), starts: made.starts.subarray(0, made.length), ends: made.ends.subarray(0, made.length), changed, isJoined };
}

class Rewriting {
  /**
   * @param {View} view
   * @param {Edit[]} edits
   * @param {number} reach
   */
  constructor(view, edits, reach) {
    this.view = view;
    this.reach = reach;
    /** @type {string[]} */
    this.parts = [];
    const most = edits.reduce((sum, [, , text]) => sum + text.length + GAP.length, view.text.length);
    this.starts = new Int32Array(most);
    this.ends = new Int32Array(most);
    this.length = 0;
    /** @type {Span[]} */
    this.putIn = [];
    this.place = 0;
    /** @type {Span[]} */
    this.moves = [];
  }

  /**
   * Copy what stands before an edit, or behind the last one, as far as context reaches.
   *
   * @param {number} end
   * @param {boolean} isLast
   */
  copyUntil(end, isLast) {
    const first = Math.max(this.place, end - this.reach);
    if (!this.putIn.length) return this.#copy(first, end);
    const stop = Math.min(this.place + this.reach, end);
    if (isLast || stop >= first) return this.#copy(this.place, isLast ? stop : end);
    this.#copy(this.place, stop);
    this.#append(stop, first, GAP);
    this.#copy(first, end);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {string} text
   */
  put(start, end, text) {
    this.putIn.push([this.length, this.length + text.length]);
    this.#append(start, end, text);
    this.place = end;
  }

  /**
   * Return where a region went; it starts and ends with something that was copied.
   *
   * @param {Span} region
   * @returns {Span}
   */
  moved([start, end]) {
    return [this.#moved(start), this.#moved(end - 1) + 1];
  }

  /** @param {number} offset */
  #moved(offset) {
    let low = 0;
    let high = this.moves.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (/** @type {Span} */ (this.moves[middle])[0] <= offset) low = middle + 1;
      else high = middle;
    }
    const [before, after] = /** @type {Span} */ (this.moves[low - 1]);
    return after + offset - before;
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  #copy(start, end) {
    const { view, length } = this;
    this.moves.push([start, length]);
    this.parts.push(view.text.slice(start, end));
    for (let index = start; index < end; index += 1) {
      this.starts[length + index - start] = view.starts ? Number(view.starts[index]) : index;
      this.ends[length + index - start] = view.ends ? Number(view.ends[index]) : index + 1;
    }
    this.length += end - start;
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {string} text
   */
  #append(start, end, text) {
    const [first, last] = original(this.view, start, end);
    this.parts.push(text);
    this.starts.fill(first, this.length, this.length + text.length);
    this.ends.fill(last, this.length, this.length + text.length);
    this.length += text.length;
  }
}
