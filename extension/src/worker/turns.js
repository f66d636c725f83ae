/** One after the other: two changes of the same thing at once would lose one. */

/**
 * Return what does its work only when all that was asked for before is done.
 *
 * @returns {<T>(work: () => Promise<T>) => Promise<T>}
 */
export function turns() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
}
