/** The text of an editor as it will be sent, and where in the page each part of it stands. */

/** @typedef {{node: Text, start: number}} Piece A text node and where its text starts. */

const BLOCKS = new Set(
  "P DIV LI PRE H1 H2 H3 H4 H5 H6 BLOCKQUOTE UL OL DL DT DD TABLE TR TD TH SECTION ARTICLE ASIDE HEADER FOOTER FIGURE FIGCAPTION DETAILS SUMMARY HR".split(" "),
);

/**
 * Blocks and breaks are line ends; what cannot be edited is read too, since it may be sent.
 *
 * @param {HTMLElement} editor
 */
export const readEditor = (editor) => (editor instanceof HTMLTextAreaElement ? editor.value : mapped(editor).text);

/**
 * @param {HTMLElement} editor
 * @returns {{text: string, pieces: Piece[]}}
 */
export function mapped(editor) {
  /** @type {string[]} */
  const parts = [];
  /** @type {Piece[]} */
  const pieces = [];
  let length = 0;
  let isLineOpen = false;
  const add = (/** @type {string} */ part) => {
    if (!part) return;
    parts.push(part);
    length += part.length;
    isLineOpen = !part.endsWith("\n");
  };
  const endLine = () => isLineOpen && add("\n");
  /** @param {Node} node */
  const walk = (node) => {
    if (node instanceof Text) {
      pieces.push({ node, start: length });
      add(node.data.replaceAll("\u00a0", " "));
    } else if (node instanceof HTMLBRElement) {
      if (!node.classList.contains("ProseMirror-trailingBreak")) add("\n");
    } else if (node instanceof Element) {
      const isBlock = BLOCKS.has(node.nodeName) && node !== editor;
      if (isBlock) endLine();
      for (let child = node.firstChild; child; child = child.nextSibling) walk(child);
      if (isBlock && isFollowed(node)) endLine();
    }
  };
  walk(editor);
  return { text: parts.join(""), pieces };
}

/**
 * Whether text goes on behind a block: the last block of an editor ends no line.
 *
 * @param {Element} block
 */
const isFollowed = (block) => block.nextSibling !== null;
