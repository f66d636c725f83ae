// In a packed extension the texts of all languages lie here, written by backend/services/packing/texts.py; here the browser has them.
/** @type {string} */
export const NAMES = "";
/** @type {Record<string, string>} */
export const TEXTS = {};
