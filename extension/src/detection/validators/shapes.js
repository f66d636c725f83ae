/** Numbers without a check digit, of which a shape is all there is to check. */

import { plainOf, variety } from "./shared.js";

/** @type {import("./shared.js").Validators} */
export const SHAPES = {
  varied: (value) => variety(plainOf(value)) >= 4,
};
