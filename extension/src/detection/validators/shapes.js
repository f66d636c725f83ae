/** Numbers without a check digit, of which a shape is all there is to check. */

import { plainOf, variety } from "./shared.js";

/**
 * Accept what somebody would choose as a password, refuse calls, names and paths in code.
 *
 * @param {string} value
 */
function mixed(value) {
  if (!/\p{L}/u.test(value) || /^[/~.%:=]/.test(value) || /[()[\]{}<>$\\]/.test(value)) return false;
  const signs = /[^\p{L}\p{N}]/u.test(value);
  const digits = value.match(/\p{Nd}/gu)?.length ?? 0;
  const kinds = [signs, digits > 0, /\p{Lu}/u.test(value), /\p{Ll}/u.test(value)].filter(Boolean).length;
  if (signs && !/[^\p{L}\p{N}._\-:/]/u.test(value)) return kinds === 4;
  return kinds >= 3 || (digits >= 2 && kinds > 1);
}

/** @type {import("./shared.js").Validators} */
export const SHAPES = {
  mixed,
  varied: (value) => variety(plainOf(value)) >= 4,
};
