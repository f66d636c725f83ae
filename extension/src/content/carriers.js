/** What carried files to a page: taken apart when it is held, put together again when it may go on. */

/** @typedef {{clientX?: number, clientY?: number, screenX?: number, screenY?: number}} Place */
/**
 * @typedef {object} Taken What a person picked, dropped or pasted.
 * @property {"uploaded" | "dropped" | "pasted"} way
 * @property {EventTarget} target
 * @property {File[]} files
 * @property {FileSystemEntry[]} entries Folders.
 * @property {[string, string][]} texts What came with the files, by its type.
 * @property {Place} place
 */

/** Whoever drops more than this drops a disk. */
export const MOST_FILES = 200;

/**
 * Return all files, also those in folders; more than allowed where there are too many.
 *
 * @param {Taken} taken
 * @returns {Promise<File[]>}
 */
export async function filesOf({ files, entries }) {
  const found = [...files];
  const folders = [...entries];
  for (let entry = folders.shift(); entry && found.length <= MOST_FILES; entry = folders.shift()) {
    if (entry.isDirectory) folders.push(...(await entriesIn(/** @type {FileSystemDirectoryEntry} */ (entry), MOST_FILES)));
    else found.push(await new Promise((/** @type {(file: File) => void} */ resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)));
  }
  return found;
}

/**
 * @param {FileSystemDirectoryEntry} folder
 * @param {number} most
 */
async function entriesIn(folder, most) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const found = [];
  for (;;) {
    const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ resolve, reject) => reader.readEntries(resolve, reject));
    found.push(...some);
    if (!some.length || found.length > most) return found;
  }
}

/**
 * Do once more what the person did, with these files. `mark` is called with each event before the page sees it.
 *
 * @param {Taken} taken
 * @param {File[]} files
 * @param {(event: Event) => void} mark
 */
export function release(taken, files, mark) {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  for (const [type, text] of taken.texts) data.setData(type, text);
  const send = (/** @type {EventTarget} */ target, /** @type {Event} */ event) => {
    mark(event);
    return target.dispatchEvent(event);
  };
  if (taken.way === "uploaded") return pick(taken.target, data, send);
  const target = stillThere(taken);
  const how = { bubbles: true, cancelable: true, composed: true };
  if (taken.way === "dropped") {
    const isUnclaimed = send(target, new DragEvent("drop", { ...how, ...taken.place, dataTransfer: data }));
    return isUnclaimed && isPicker(target) ? pick(target, data, send) : undefined;
  }
  const isUnclaimed = send(target, new ClipboardEvent("paste", { ...how, clipboardData: data }));
  const text = data.getData("text/plain");
  if (isUnclaimed && text) document.execCommand("insertText", false, text);
  return undefined;
}

/**
 * @param {EventTarget} input
 * @param {DataTransfer} data
 * @param {(target: EventTarget, event: Event) => boolean} send
 */
function pick(input, data, send) {
  if (!isPicker(input)) return;
  input.files = data.files;
  send(input, new Event("input", { bubbles: true, composed: true }));
  send(input, new Event("change", { bubbles: true }));
}

/**
 * Nothing was dropped after all: a page that shows where to drop shall stop showing it.
 *
 * @param {Taken} taken
 */
export function withdraw(taken) {
  if (taken.way === "dropped") stillThere(taken).dispatchEvent(new DragEvent("dragleave", { bubbles: true, cancelable: true, composed: true, ...taken.place }));
}

/**
 * @param {EventTarget} target
 * @returns {target is HTMLInputElement}
 */
const isPicker = (target) => target instanceof HTMLInputElement && target.type === "file";

/**
 * Return the target, or what is in its place now.
 *
 * @param {Taken} taken
 * @returns {EventTarget}
 */
function stillThere({ way, target, place }) {
  if (!(target instanceof Node) || target.isConnected) return target;
  const now = way === "dropped" ? document.elementFromPoint(place.clientX ?? 0, place.clientY ?? 0) : document.activeElement;
  return now ?? document.body;
}
