/** Storage that is full gives up its notes before it gives up an event. */

import { forget, memorise, read, recall, write } from "../browser.js";
import { connection } from "./connection.js";

/** There is no room for what must be kept. */
export class Full extends Error {
  constructor() {
    super("The storage of this browser is full.");
    this.code = "full";
  }
}

/** What may go: what is shown in the popup, and what is counted. */
const notes = async () => ["recent", `sightings ${(await connection())?.client.id ?? ""}`];

/** Whether notes had to go, or could not be kept, since the browser was started. */
export const isShort = async () => Boolean(await recall("isShort"));

/**
 * Store what must reach the server. Raise Full where there is no room even without the notes.
 *
 * @param {Record<string, unknown>} values
 */
export async function keep(values) {
  try {
    await write(values);
  } catch {
    await memorise({ isShort: true });
    await forget(await notes());
    await write(values).catch(() => {
      throw new Full();
    });
  }
}

/**
 * Store a note where there is room for it.
 *
 * @param {string} name
 * @param {(former: any) => unknown} change
 */
export async function note(name, change) {
  await write({ [name]: change(await read(name)) }).catch(() => memorise({ isShort: true }));
}
