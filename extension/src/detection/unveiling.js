/** Every reading of a text worth looking at: as it stands, with labels in words, undisguised. */

import { decoded } from "./decoding.js";
import { joined, unbroken } from "./joining.js";
import { writtenLabels } from "./labels.js";
import { normalise } from "./normalise.js";
import { writtenOut } from "./spelling.js";

/** @typedef {import("./views.js").View} View */

const DEEPEST = 3;

/**
 * Yield the text as it stands, with its labels in words, then each disguise undone.
 *
 * Encodings are undone up to three deep, one inside the other. No reading is longer than the text.
 *
 * @param {string} text
 * @returns {Generator<View>}
 */
export function* readings(text) {
  let view = normalise(text);
  yield view;
  const labelled = writtenLabels(view);
  if (labelled) yield labelled;
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
