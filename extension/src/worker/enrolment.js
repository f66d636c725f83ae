/** Ties this browser to a client with a code: typed in, set by an administrator, or put into this copy. */

import { forget, managed, read, write } from "../browser.js";
import { ownBuild } from "./build.js";
import { connection, isUsable, postJson, Refused } from "./connection.js";
import { keep, keepOnly, makeKey } from "./device_key.js";
import { deliver } from "./queue.js";

/** @typedef {{server: string, code: string, email: string}} Wish */

/** A code that was refused may be made good again; until then others must not be held up by our tries. */
const AGAIN_MS = 24 * 60 * 60 * 1000;
const HERE = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Connect this browser with a new key of its own. Raise Refused or Unreachable; then nothing has changed.
 *
 * @param {string} server
 * @param {string} code
 * @param {string} email
 */
export async function enrol(server, code, email) {
  const base = await originOf(server);
  const key = await newKey();
  const about = {
    code,
    name: `${browserName()} (${navigator.platform || "unknown"})`,
    browser: browserName(),
    extension_version: await ownBuild(),
    public_key: key.jwk,
    ...(email ? { user_email: email } : {}),
  };
  const answer = await postJson(`${base}/api/v1/enrolment/devices`, about, key);
  const former = await connection();
  if (former) await deliver().catch(() => undefined); // while we can still say whose events these are
  if (former?.client.id !== answer.client.id) await forget(["recent", "lastContact"]);
  await write({
    connection: {
      server: base,
      deviceId: answer.device_id,
      client: answer.client,
      user: answer.user,
      bundleKeys: answer.bundle_keys,
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token,
      accessUntil: Date.now() + answer.expires_in * 1000,
      keyName: key.name,
    },
    highest: null,
    bundle: null,
  });
  await keepOnly(key.name);
}

/** Make a key and keep it before the code is used up; one that is never enrolled goes with the next enrolment. */
async function newKey() {
  try {
    const key = await makeKey();
    await keep(key);
    return key;
  } catch {
    throw new Refused(0, "no-key", "This browser cannot keep a key of its own.");
  }
}

/**
 * Return the origin of an address; a prompt is not sent to a server in the clear, unless this copy was made for it.
 *
 * @param {string} address
 */
async function originOf(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) throw new Refused(0, "address", "");
  const isPlain = url.protocol === "http:" && !HERE.has(url.hostname);
  if (isPlain && (await bundledServer()).server_url !== url.origin) throw new Refused(0, "insecure", "");
  return url.origin;
}

/**
 * What an administrator put into the browser's policy or into this copy.
 *
 * @returns {Promise<Wish | null>}
 */
async function wished() {
  const set = await managed();
  const bundled = await bundledServer();
  const server = set.serverUrl || bundled.server_url;
  const code = set.enrolmentToken || bundled.enrolment_code;
  return server && code ? { server, code, email: set.userEmail ?? "" } : null;
}

/** Whether an administrator wants this browser connected: then nothing passes before it is. */
export const isWished = async () => (await wished()) !== null;

/** Enrol once as an administrator wished, and again where the browser has lost its key. Raise Refused or Unreachable. */
export async function enrolByAdministrator() {
  if (await isUsable()) return;
  const wish = await wished();
  if (!wish) return;
  /** @type {{code: string, at: number} | undefined} */
  const refused = await read("refused");
  if (refused?.code === wish.code && refused.at + AGAIN_MS > Date.now()) throw new Refused(422, "wrong-code", "");
  try {
    await enrol(wish.server, wish.code, wish.email);
  } catch (error) {
    if (error instanceof Refused && error.code === "wrong-code") await write({ refused: { code: wish.code, at: Date.now() } });
    throw error;
  }
}

/** @returns {Promise<{server_url?: string, enrolment_code?: string | null}>} */
export async function bundledServer() {
  try {
    return await (await fetch("/bundled/server.json")).json();
  } catch {
    return {};
  }
}

function browserName() {
  const brands = /** @type {any} */ (navigator).userAgentData?.brands ?? [];
  const named = brands.find((/** @type {{brand: string}} */ { brand }) => /Edge|Chrome|Chromium|Brave|Opera/.test(brand));
  return named ? `${named.brand} ${named.version}` : "Chromium";
}
