/** Addresses and keys of cryptocurrencies, by their checksums. */

import { sha256 } from "./sha256.js";

/** @typedef {import("./shared.js").Validator} Validator */

const BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BECH32_POLYNOMIALS = [0x3b6a57b2n, 0x26508e6dn, 0x1ea119fan, 0x3d4233ddn, 0x2a1462b3n];
const CASHADDR_POLYNOMIALS = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n];

/**
 * Accepts base58 whose last four bytes begin the double SHA-256 of the others.
 *
 * @param {string} alphabet
 * @param {(payload: Uint8Array) => boolean} isPayload
 * @returns {Validator}
 */
const base58check = (alphabet, isPayload) => (value) => {
  if (!value || value.length > 120 || [...value].some((sign) => !alphabet.includes(sign))) return false;
  const decoded = base58(alphabet, value);
  const payload = decoded.slice(0, -4);
  const digest = sha256(sha256(payload));
  return decoded.length >= 4 && decoded.slice(-4).every((byte, index) => byte === digest[index]) && isPayload(payload);
};

/**
 * @param {string} alphabet
 * @param {string} value
 */
function base58(alphabet, value) {
  let number = [...value].reduce((before, sign) => before * 58n + BigInt(alphabet.indexOf(sign)), 0n);
  const bytes = [];
  for (; number > 0n; number >>= 8n) bytes.push(Number(number & 255n));
  for (let place = 0; value.charAt(place) === alphabet.charAt(0); place += 1) bytes.push(0);
  return Uint8Array.from(bytes.reverse());
}

/**
 * @param {number[]} values
 * @param {bigint[]} polynomials
 * @param {bigint} bits
 */
function polymod(values, polynomials, bits) {
  let remainder = 1n;
  for (const value of values) {
    const top = remainder >> bits;
    remainder = ((remainder & ((1n << bits) - 1n)) << 5n) ^ BigInt(value);
    polynomials.forEach((polynomial, place) => {
      if ((top >> BigInt(place)) & 1n) remainder ^= polynomial;
    });
  }
  return remainder;
}

/** @param {string} data */
const fives = (data) => [...data].map((sign) => BECH32.indexOf(sign));

/**
 * BIP 173 and 350.
 *
 * @type {Validator}
 */
function bech32(value) {
  const lower = value.toLowerCase();
  const place = lower.lastIndexOf("1");
  const [prefix, data] = [lower.slice(0, Math.max(place, 0)), lower.slice(place + 1)];
  const isOneCase = value === lower || value === value.toUpperCase();
  if (!isOneCase || place < 0 || data.length < 6 || fives(data).includes(-1)) return false;
  const codes = [...prefix].map((sign) => sign.charCodeAt(0));
  if (codes.some((code) => code > 127)) return false;
  const expanded = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
  return [1n, 0x2bc830a3n].includes(polymod([...expanded, ...fives(data)], BECH32_POLYNOMIALS, 25n));
}

/**
 * Bitcoin Cash, CashAddr.
 *
 * @type {Validator}
 */
function cashaddr(value) {
  const data = value.toLowerCase().replace(/^bitcoincash:/, "");
  if (data.length !== 42 || fives(data).includes(-1)) return false;
  const prefix = [..."bitcoincash"].map((sign) => sign.charCodeAt(0) & 31);
  return polymod([...prefix, 0, ...fives(data)], CASHADDR_POLYNOMIALS, 35n) === 1n;
}

/** @type {import("./shared.js").Validators} */
export const CRYPTO = {
  bech32,
  cashaddr,
  coin_address: base58check(BITCOIN, (payload) => payload.length === 21 || payload.length === 22),
  ethereum: (value) => /^0[xX][0-9a-fA-F]{40}$/.test(value) && new Set(value.toLowerCase()).size > 6,
  extended_key: base58check(BITCOIN, (payload) => payload.length === 78),
  ripple_address: base58check(RIPPLE, (payload) => payload.length === 21),
  wallet_key: base58check(BITCOIN, (payload) => (payload.length === 33 || payload.length === 34) && [0x80, 0xb0, 0x9e].includes(Number(payload[0]))),
};
