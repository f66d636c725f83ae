/** Which build this is: its version, and the digest its server wrote into it. */

import { version } from "../browser.js";

/** @returns {Promise<string>} Such as "0.1.0+292cbfb494277c47"; the version alone where nobody packed it. */
export async function ownBuild() {
  try {
    const { build } = await (await fetch("/bundled/build.json")).json();
    return /^[0-9a-f]{16}$/.test(build) ? `${version()}+${build}` : version();
  } catch {
    return version();
  }
}
