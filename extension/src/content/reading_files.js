/** Has a file read: a text here, a document outside the page, where reading it holds up nobody and can be ended. */

import { address } from "../browser.js";
import { extract, isDocument, LOOKED_AT } from "../documents/extraction.js";
import { LIMITS } from "../documents/piece.js";
import { element } from "./elements.js";

/** @typedef {import("../documents/piece.js").Extract} Extract */

/** Up to this size a file is there as soon as its start alone would be. */
const SMALL = 2 * 1024 * 1024;
const FRAME_MS = 2000;
/** Reading gives up by itself before; this ends what does not. */
const WORKER_MS = LIMITS.milliseconds + 1000;

/**
 * @param {File} file
 * @param {ParentNode} place Where a frame of ours can stand unseen.
 * @returns {Promise<Extract>}
 */
export async function readFile(file, place) {
  const isSmall = file.size <= SMALL;
  const bytes = await (isSmall ? file : file.slice(0, LOOKED_AT)).arrayBuffer();
  if (!isDocument(bytes)) return extract(isSmall ? { size: file.size, arrayBuffer: () => Promise.resolve(bytes) } : file, file.name);
  const frame = element("iframe", { src: address("src/reader/frame.html"), hidden: true });
  try {
    return (await readIn(frame, file, place)) ?? (await extract(file, file.name));
  } finally {
    frame.remove(); // and its worker
  }
}

/**
 * Return null where a page has no room for a frame of ours.
 *
 * @param {HTMLIFrameElement} frame
 * @param {File} file
 * @param {ParentNode} place
 * @returns {Promise<Extract | null>}
 */
function readIn(frame, file, place) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    let timer = setTimeout(resolve, FRAME_MS, null);
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      if (data === "here") timer = setTimeout(resolve, WORKER_MS, { text: "", counts: {}, unread: "slow" });
      else resolve(data);
    };
    // Another page than ours gets nothing, wherever the frame was led meanwhile.
    frame.addEventListener("load", () => frame.contentWindow?.postMessage(file, address("").slice(0, -1), [port2]), { once: true });
    place.append(frame);
  });
}
