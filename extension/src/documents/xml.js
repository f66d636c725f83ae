/** XML as a row of tags and texts. Nothing is looked up or expanded, so that nothing can be made to grow. */

const NAMED = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const LONGEST_TAG = 65_536;
/** @type {Map<string, RegExp>} */
const PATTERNS = new Map();

/**
 * Call back for every start tag, text and end tag, in order. What is not well-formed is read as far as it goes.
 *
 * @param {string} xml
 * @param {(name: string, attributes: string, isEmpty: boolean) => void} onStart The name comes without its prefix.
 * @param {(text: string) => void} onText
 * @param {(name: string) => void} onEnd
 */
export function scan(xml, onStart, onText, onEnd) {
  let place = 0;
  while (place < xml.length) {
    const open = xml.indexOf("<", place);
    if (open !== place) onText(unescaped(xml.slice(place, open < 0 ? xml.length : open)));
    if (open < 0) return;
    if (xml.startsWith("<!--", open)) place = after(xml, "-->", open + 4);
    else if (xml.startsWith("<![CDATA[", open)) {
      place = after(xml, "]]>", open + 9);
      onText(xml.slice(open + 9, place - 3));
    } else {
      place = after(xml, ">", open);
      tag(xml.slice(open + 1, Math.min(place - 1, open + LONGEST_TAG)), onStart, onEnd);
    }
  }
}

/**
 * @param {string} xml
 * @param {string} mark
 * @param {number} from
 */
function after(xml, mark, from) {
  const place = xml.indexOf(mark, from);
  return place < 0 ? xml.length : place + mark.length;
}

/**
 * @param {string} content
 * @param {(name: string, attributes: string, isEmpty: boolean) => void} onStart
 * @param {(name: string) => void} onEnd
 */
function tag(content, onStart, onEnd) {
  if (content.startsWith("/")) return onEnd(local(content.slice(1).trim()));
  if (content.startsWith("?") || content.startsWith("!")) return undefined;
  const isEmpty = content.endsWith("/");
  const cut = content.search(/[\t\n\r /]/);
  return onStart(local(cut < 0 ? content : content.slice(0, cut)), cut < 0 ? "" : content.slice(cut), isEmpty);
}

/** @param {string} name */
const local = (name) => name.slice(name.indexOf(":") + 1);

/**
 * Return the value of an attribute, of any prefix; "" where it is not there.
 *
 * @param {string} attributes
 * @param {string} name
 */
export function attribute(attributes, name) {
  let pattern = PATTERNS.get(name);
  if (!pattern) PATTERNS.set(name, (pattern = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)));
  const found = pattern.exec(attributes);
  return found ? unescaped(found[1] ?? found[2] ?? "") : "";
}

/** @param {string} text */
const unescaped = (text) => (text.includes("&") ? text.replace(/&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));/g, character) : text);

/**
 * @param {string} whole
 * @param {keyof typeof NAMED | undefined} named
 * @param {string | undefined} decimal
 * @param {string | undefined} hex
 */
function character(whole, named, decimal, hex) {
  if (named) return NAMED[named];
  const code = decimal ? Number(decimal) : parseInt(hex ?? "", 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
