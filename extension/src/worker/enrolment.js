/** Ties this browser to a client with a code. */

import { managed, read, version, write } from "../browser.js";
import { connection, postJson, Refused } from "./connection.js";

/**
 * @param {string} server
 * @param {string} code
 * @param {string} email
 */
export async function enrol(server, code, email) {
  const base = new URL(server).origin;
  const answer = await postJson(`${base}/api/v1/enrolment/devices`, {
    code,
    name: `${browserName()} (${navigator.platform || "unknown"})`,
    browser: browserName(),
    extension_version: version(),
    ...(email ? { user_email: email } : {}),
  });
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
    },
    highestVersion: 0,
    bundle: null,
  });
}

/** Enrol by what an administrator put into the browser's policy or into this copy, once. */
export async function enrolByAdministrator() {
  if (await connection()) return false;
  const set = await managed();
  const bundled = await bundledServer();
  const server = set.serverUrl || bundled.server_url;
  const code = set.enrolmentToken || bundled.enrolment_code;
  if (!server || !code || (await read("refusedCode")) === code) return false;
  try {
    await enrol(server, code, set.userEmail ?? "");
    return true;
  } catch (error) {
    if (error instanceof Refused) await write({ refusedCode: code });
    return false;
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
