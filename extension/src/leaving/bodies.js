/** The text a request carries: from the places its adapter names, else every text in it. */

/** @typedef {import("../messages.js").PromptRequest} PromptRequest */
/** @typedef {{text?: string, bytes?: ArrayBuffer | ArrayBufferView, fields?: [string, string][], type?: string, isUnreadable?: boolean}} Body As a page or the browser hands it over. */
/** @typedef {{texts: string[], isKnown: boolean, isReadable: boolean}} Read `isKnown`: the adapter's places were there. */

const DEEPEST = 40;
const MOST_CHARACTERS = 4_000_000;
const DASH = 0x2d;
/** What ends a message of the SignalR protocol. */
const RECORD_END = "\u001e";

/**
 * Return the texts of a body. One that cannot be read holds none, and says so.
 *
 * @param {PromptRequest} request
 * @param {Body} body
 * @param {URL} url
 * @returns {Read}
 */
export function textsOf(request, body, url) {
  if (request.body === "query") return ofFields(request, [...url.searchParams]);
  const content = body.isUnreadable ? null : (body.text ?? decoded(body));
  if (content === null || content.length > MOST_CHARACTERS) return { texts: [], isKnown: false, isReadable: false };
  const fields = body.fields ?? fieldsOf(content, body.type ?? "", request);
  const asItIs = { texts: fields?.map(([, value]) => value) ?? [content], isKnown: request.body === "text", isReadable: true };
  try {
    if (fields) return ofFields(request, fields);
    return request.body === "text" ? asItIs : ofJson(request, content);
  } catch {
    return asItIs; // nested deeper than anything is read
  }
}

/** A text in JSON; one with a colon behind it is the name of a field. */
const JSON_TEXT = /("(?:[^"\\]|\\.)*")(\s*:)?/g;

/**
 * Return a body with its texts changed and all else byte for byte as it was; null for a form, an address, or what is no text.
 *
 * @param {PromptRequest} request
 * @param {Body} body
 * @param {(text: string) => string} change
 * @returns {string | null}
 */
export function rewritten(request, body, change) {
  const content = body.isUnreadable || body.fields || request.body === "query" ? null : (body.text ?? decoded(body));
  if (content === null || content.length > MOST_CHARACTERS || fieldsOf(content, body.type ?? "", request)) return null;
  if (request.body === "text") return change(content);
  return content.replace(JSON_TEXT, (whole, literal, colon) => {
    const text = colon ? null : parsed(literal);
    const changed = typeof text === "string" ? change(text) : text;
    return changed === text ? whole : JSON.stringify(changed);
  });
}

/**
 * Return a body's bytes as text, null where they are none: compressed, or of a kind of their own.
 *
 * @param {Body} body
 */
function decoded({ bytes, fields, type = "" }) {
  if (!bytes || fields) return "";
  const [first, second] = new Uint8Array(bytes instanceof ArrayBuffer ? bytes : bytes.buffer).subarray(0, 2);
  const isOfParts = type.startsWith("multipart/") || (!type && first === DASH && second === DASH);
  try {
    const text = new TextDecoder("utf-8", { fatal: !isOfParts }).decode(bytes);
    return text.includes("\0") && !isOfParts ? null : text; // of two bytes a letter: no service reads that
  } catch {
    return null;
  }
}

/**
 * @param {string} content
 * @param {string} type
 * @param {PromptRequest} request
 * @returns {[string, string][] | null}
 */
function fieldsOf(content, type, request) {
  const boundary = /^multipart\/.*boundary="?([^";]+)/i.exec(type)?.[1] ?? (!type || request.body === "multipart" ? /^--([^\r\n]{10,70})\r\n/.exec(content)?.[1] : null);
  if (boundary) return partsOf(content, boundary);
  const isForm = type.startsWith("application/x-www-form-urlencoded") || (request.body === "form" && !type);
  return isForm ? [...new URLSearchParams(content)] : null;
}

/**
 * Return the fields of a multipart body (RFC 7578); a file of bytes that are no text is left out.
 *
 * @param {string} content
 * @param {string} boundary
 * @returns {[string, string][]}
 */
function partsOf(content, boundary) {
  return content.split(`--${boundary}`).flatMap((part) => {
    const end = part.indexOf("\r\n\r\n");
    const name = /\bname="([^"]*)"/i.exec(part.slice(0, Math.max(0, end)))?.[1];
    const value = part.slice(end + 4).replace(/\r\n$/, "");
    return name === undefined || value.includes("\ufffd") ? [] : [/** @type {[string, string]} */ ([name, value])];
  });
}

/**
 * A form's places are names of its fields.
 *
 * @param {PromptRequest} request
 * @param {[string, string][]} fields
 * @returns {Read}
 */
function ofFields(request, fields) {
  const named = fields.filter(([name]) => request.text.includes(name));
  const texts = (named.length ? named : fields).flatMap(([, value]) => leaves(value));
  return { texts, isKnown: named.length > 0, isReadable: true };
}

/**
 * @param {PromptRequest} request
 * @param {string} content
 * @returns {Read}
 */
function ofJson(request, content) {
  const values = content.split(RECORD_END).filter((part) => part.trim()).map(parsed);
  const found = values.flatMap((value) => request.text.flatMap((path) => at(value, path.split("."))));
  const isKnown = found.length > 0 || values.length === 0;
  return { texts: (found.length ? found : values).flatMap((value) => leaves(value)), isKnown, isReadable: true };
}

/**
 * Return a text as the JSON it is, else as the text it is.
 *
 * @param {string} text
 * @returns {unknown}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Return what stands at a dotted path; `*` is each one of a list or of an object.
 *
 * @param {unknown} value
 * @param {string[]} path
 * @returns {unknown[]}
 */
function at(value, [step, ...rest]) {
  if (step === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  if (step === "*") return Object.values(value).flatMap((one) => at(one, rest));
  return Object.hasOwn(value, step) ? at(/** @type {Record<string, unknown>} */ (value)[step], rest) : [];
}

/**
 * Return every text in a value. A text that is JSON itself is opened.
 *
 * @param {unknown} value
 * @param {number} [depth]
 * @returns {string[]}
 */
function leaves(value, depth = 0) {
  if (typeof value === "string") {
    const inner = /^\s*[[{]/.test(value) && depth < DEEPEST ? parsed(value) : value;
    return typeof inner === "string" ? [inner] : leaves(inner, depth + 1);
  }
  if (typeof value !== "object" || value === null) return [];
  if (depth >= DEEPEST) throw new RangeError("too deep");
  return Object.values(value).flatMap((one) => leaves(one, depth + 1));
}
