/** This browser's own key: made here, never to be taken out (WebCrypto keeps the private half), kept in IndexedDB. */

const DATABASE = "quillgate";
const STORE = "keys";
const ES256 = { name: "ECDSA", namedCurve: "P-256" };

/**
 * @typedef {object} DeviceKey
 * @property {string} name Its thumbprint (RFC 7638).
 * @property {CryptoKeyPair} pair
 * @property {{kty: string, crv: string, x: string, y: string}} jwk The public half.
 */

/**
 * Make a key; it is not kept yet.
 *
 * @returns {Promise<DeviceKey>}
 */
export async function makeKey() {
  const pair = await crypto.subtle.generateKey(ES256, false, ["sign", "verify"]);
  const { kty = "", crv = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const name = await digest(`{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`);
  return { name, pair, jwk: { kty, crv, x, y } };
}

/** @type {DeviceKey | null} */
let held = null;

/**
 * Return a kept key; undefined when the browser has lost it.
 *
 * @param {string} name
 * @returns {Promise<DeviceKey | undefined>}
 */
export async function keyNamed(name) {
  if (held?.name !== name) held = (await inStore("readonly", (store) => store.get(name))) ?? null;
  return held ?? undefined;
}

/**
 * Keep this key. Others stay until `keepOnly`: somebody may still be signing with one.
 *
 * @param {DeviceKey} key
 */
export const keep = (key) => inStore("readwrite", (store) => store.put(key, key.name));

/**
 * Forget every key but this one.
 *
 * @param {string} name
 */
export async function keepOnly(name) {
  /** @type {IDBValidKey[]} */
  const all = await inStore("readonly", (store) => store.getAllKeys());
  for (const other of all.filter((one) => one !== name)) await inStore("readwrite", (store) => store.delete(other));
}

/**
 * Return the SHA-256 of a text, base64url.
 *
 * @param {string} text
 */
export const digest = async (text) => encoded(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));

/**
 * @param {Uint8Array} bytes
 * @returns {string} base64url without padding (RFC 4648, section 5).
 */
export const encoded = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} work
 * @returns {Promise<any>}
 */
async function inStore(mode, work) {
  const database = await opened();
  try {
    const transaction = database.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    return request.result;
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
const opened = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
