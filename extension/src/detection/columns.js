/** The head of a column: a table names its values rows above them. */

/** How far above a value its head may stand, and how long a row may be. */
const REACH = 4096;
const BETWEEN_CELLS = ["|", "\t", ";", ","];

/**
 * Return where the first row of a table names the column in which a value starts.
 *
 * @param {string} text
 * @param {number} start
 * @returns {[number, number] | null}
 */
export function headOfColumn(text, start) {
  const line = lastBreak(text, Math.max(0, start - REACH), start) + 1;
  const end = endOfLine(text, start);
  for (const sign of line ? BETWEEN_CELLS : []) {
    const before = count(text, sign, line, start);
    const signs = before + count(text, sign, start, end);
    const first = signs ? firstRow(text, line, start - REACH, sign, signs) : line;
    if (first < line) return cell(text, first, sign, before);
  }
  return null;
}

/**
 * Return where the rows above begin that have as many signs.
 *
 * @param {string} text
 * @param {number} line
 * @param {number} least
 * @param {string} sign
 * @param {number} signs
 */
function firstRow(text, line, least, sign, signs) {
  let first = line;
  while (first > Math.max(0, least)) {
    const above = lastBreak(text, Math.max(0, least), first - 1) + 1;
    if (!above && least > 0) break;
    if (count(text, sign, above, first - 1) !== signs) break;
    first = above;
  }
  return first;
}

/**
 * @param {string} text
 * @param {number} row
 * @param {string} sign
 * @param {number} before
 * @returns {[number, number]}
 */
function cell(text, row, sign, before) {
  const end = endOfLine(text, row);
  let start = row;
  for (let left = before; left > 0; left -= 1) start = text.indexOf(sign, start) + 1;
  const stop = text.indexOf(sign, start);
  return [start, stop < 0 || stop > end ? end : stop];
}

/**
 * @param {string} text
 * @param {number} start
 */
function endOfLine(text, start) {
  const end = text.slice(start, start + REACH).indexOf("\n");
  return end < 0 ? Math.min(text.length, start + REACH) : start + end;
}

/**
 * Return where the last line between two places ends, -1 for none.
 *
 * @param {string} text
 * @param {number} first
 * @param {number} end
 */
function lastBreak(text, first, end) {
  const place = text.slice(first, end).lastIndexOf("\n");
  return place < 0 ? -1 : first + place;
}

/**
 * @param {string} text
 * @param {string} sign
 * @param {number} start
 * @param {number} end
 */
const count = (text, sign, start, end) => text.slice(start, end).split(sign).length - 1;
