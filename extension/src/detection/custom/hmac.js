/** HMAC-SHA256 (RFC 2104, FIPS 180-4) at once: what the browser has answers only later. */

const ROUNDS = 64;
const BLOCK = 64;
const K = new Int32Array(ROUNDS);
const START = new Int32Array(8);
{
  // The first 32 bits of the fractions of the cube and square roots of the first primes.
  let found = 0;
  for (let number = 2; found < ROUNDS; number += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) isPrime = false;
    if (!isPrime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(number));
    K[found] = fraction(Math.cbrt(number));
    found += 1;
  }
}

/** @param {number} root */
function fraction(root) {
  return ((root - Math.floor(root)) * 2 ** 32) | 0;
}

const schedule = new Int32Array(ROUNDS);

/**
 * Take one block of 64 bytes into a state.
 *
 * @param {Int32Array} state
 * @param {DataView} bytes
 * @param {number} from
 */
function take(state, bytes, from) {
  const w = schedule;
  for (let n = 0; n < 16; n += 1) w[n] = bytes.getInt32(from + 4 * n);
  for (let n = 16; n < ROUNDS; n += 1) {
    const a = at(w, n - 15);
    const b = at(w, n - 2);
    w[n] = at(w, n - 16) + (turned(a, 7) ^ turned(a, 18) ^ (a >>> 3)) + at(w, n - 7) + (turned(b, 17) ^ turned(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = /** @type {[number, number, number, number, number, number, number, number]} */ ([...state]);
  for (let n = 0; n < ROUNDS; n += 1) {
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + at(K, n) + at(w, n)) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, n) => (state[n] = at(state, n) + value));
}

/**
 * @param {Int32Array} numbers
 * @param {number} place
 */
const at = (numbers, place) => /** @type {number} */ (numbers[place]);

/**
 * @param {number} value
 * @param {number} bits
 */
const turned = (value, bits) => (value >>> bits) | (value << (32 - bits));

/**
 * Return the state after a message that stands behind `length` bytes already taken in.
 *
 * @param {Int32Array} before
 * @param {Uint8Array} message
 * @param {number} length
 */
function finished(before, message, length) {
  const state = before.slice();
  const padded = new Uint8Array(Math.ceil((message.length + 9) / BLOCK) * BLOCK);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, (length + message.length) * 8);
  for (let from = 0; from < padded.length; from += BLOCK) take(state, view, from);
  return state;
}

/**
 * Return a function that gives the digest of some bytes, as hex. A key has at most 64 bytes.
 *
 * @param {Uint8Array} key
 * @returns {(message: Uint8Array) => string}
 */
export function hmacSha256(key) {
  const [inner, outer] = /** @type {[Int32Array, Int32Array]} */ (
    [0x36, 0x5c].map((pad) => {
      const block = new Uint8Array(BLOCK).fill(pad);
      key.forEach((byte, n) => (block[n] = byte ^ pad));
      const state = START.slice();
      take(state, new DataView(block.buffer), 0);
      return state;
    })
  );
  return (message) => {
    const state = finished(inner, message, BLOCK);
    const bytes = new Uint8Array(32);
    const view = new DataView(bytes.buffer);
    state.forEach((value, n) => view.setInt32(4 * n, value));
    return [...finished(outer, bytes, BLOCK)].map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
  };
}
