/** Networks, phones and places on Earth. */

import { numbered } from "./families.js";

/** @typedef {import("./shared.js").Validator} Validator */

const PLACE = /^(-?[0-9]{1,2}(?:\.[0-9]{1,15})?)[ ,;/]{1,3}(-?[0-9]{1,3}(?:\.[0-9]{1,15})?)$/;
const PRIVATE = /^(?:10(?:\.[0-9]{1,3}){3}|172\.(?:1[6-9]|2[0-9]|3[01])(?:\.[0-9]{1,3}){2}|(?:192\.168|169\.254|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))(?:\.[0-9]{1,3}){2})$/;

/** @param {string} part */
const isOctet = (part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256;

/**
 * RFC 4291 section 2.2, but neither :: nor ::1.
 *
 * @type {Validator}
 */
function ipv6(value) {
  if (!/^[0-9a-fA-F:]{2,39}(?::[0-9.]{7,15})?$/.test(value)) return false;
  const text = value.replace(/:([0-9]+(?:\.[0-9]+){3})$/, (whole, octets) => asGroups(octets.split(".")) ?? whole);
  const [left = [], right, third] = text.split("::").map((half) => (half ? half.split(":") : []));
  const groups = [...left, ...(right ?? [])];
  if (third || !groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) || (right ? groups.length > 7 : groups.length !== 8)) return false;
  const numbers = [...left, ...(right ? ["0", ...right] : [])].map((group) => parseInt(group, 16));
  if (numbers[0] !== undefined && numbers[0] >= 0xff00 && !value.startsWith("::")) return false;
  return numbers.slice(0, -1).some((number) => number > 0) || Number(numbers.at(-1)) > 1;
}

/**
 * The two groups that four octets stand for, undefined where they are none.
 *
 * @param {string[]} octets
 */
function asGroups(octets) {
  if (!octets.every(isOctet)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = octets.map(Number);
  return `:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** @type {Validator} */
function coordinates(value) {
  const found = PLACE.exec(value);
  return found !== null && Math.abs(Number(found[1])) <= 90 && Math.abs(Number(found[2])) <= 180;
}

/** @type {import("./shared.js").Validators} */
export const DEVICES = {
  coordinates,
  ip_private: (value) => PRIVATE.test(value) && value.split(".").every(isOctet),
  ipv6,
  meid: numbered(/[A-F][0-9A-F]{13}|(?:2[6-9]|3[0-9]|4[01])[0-9]{16}/),
};
