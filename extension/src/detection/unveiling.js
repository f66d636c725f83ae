/** Every reading of a text that is worth looking at: as it stands, decoded, written out, joined. */

import { decoded } from "./decoding.js";
import { joined, unbroken } from "./joining.js";
import { normalise } from "./normalise.js";
import { writtenOut } from "./spelling.js";

/** @typedef {import("./views.js").View} View */

const DEEPEST = 3;

/**
 * Yield the text as it stands, then what undoing each disguise makes of it.
 *
 * Encodings are undone up to three deep, one inside the other. No reading is longer than the text.
 *
 * @param {string} text
 * @returns {Generator<View>}
 */
export function* readings(text) {
  let view = normalise(text);
  yield view;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const plain = decoded(view);
    if (!plain) break;
    view = plain;
    yield view;
  }
  const spelled = writtenOut(view);
  if (spelled) {
    view = spelled;
    yield view;
  }
  for (const undo of [unbroken, joined]) {
    const other = undo(view);
    if (other) yield other;
  }
}
