/** The server's time as it was told last, going on by a clock that nobody can set: what ends by itself ends by it. */

let told = { at: Date.now(), since: performance.now() };

/** @param {number} at The server's time, in milliseconds since 1970. */
export const hearTime = (at) => void (told = { at, since: performance.now() });

/** The server's time now, in milliseconds since 1970. */
export const now = () => told.at + performance.now() - told.since;
