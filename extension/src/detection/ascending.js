/** Numbers that ascend. */

/**
 * Return the index of the first of ascending `values` that is not below `least`.
 *
 * @param {number[]} values
 * @param {number} least
 */
export function firstAtLeast(values, least) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (values[middle]) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
