/** Deflated bytes in, bytes out, bounded while they come. */

import { NotRead } from "./piece.js";

/** @typedef {import("./piece.js").Effort} Effort */

/**
 * Raise NotRead for what is damaged, or grows beyond what is allowed.
 *
 * @param {Uint8Array<ArrayBuffer>} packed
 * @param {"deflate" | "deflate-raw"} format
 * @param {Effort} effort
 * @param {boolean} [isForgiving] Whether what came before the damage is good enough.
 */
export async function inflated(packed, format, effort, isForgiving = false) {
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      effort.unpack(part.value.length, size, packed.length);
      parts.push(part.value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    if (error instanceof NotRead) throw error;
    if (!isForgiving || !size) throw new NotRead("damaged");
  }
  return joined(parts, size);
}

/**
 * @param {Uint8Array[]} parts
 * @param {number} size
 */
function joined(parts, size) {
  const whole = new Uint8Array(size);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
