// Files as programs write them, made here byte by byte: archives, workbooks, letters, pages.
import { crc32, deflateRawSync, deflateSync } from "node:zlib";

const checksum = crc32 ?? (() => 0); // readers of ours do not ask for it

/** A ZIP archive of `{name: content}`; `lies` changes what its directory says of every entry. */
export function zipped(parts, lies = {}) {
  const locals = [];
  const directory = [];
  let place = 0;
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const said = { flags: 0, method: 8, packed: packed.length, size: bytes.length, place, ...lies };
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(said.flags, 6);
    head.writeUInt16LE(said.method, 8);
    head.writeUInt32LE(checksum(bytes), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(bytes.length, 22);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(said.flags, 8);
    entry.writeUInt16LE(said.method, 10);
    entry.writeUInt32LE(checksum(bytes), 16);
    entry.writeUInt32LE(said.packed, 20);
    entry.writeUInt32LE(said.size, 24);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(said.place, 42);
    directory.push(entry, Buffer.from(name));
    locals.push(head, Buffer.from(name), packed);
    place += 30 + Buffer.byteLength(name) + packed.length;
  }
  const count = Object.keys(parts).length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(place, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

const paragraph = (text) => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;

export const letter = (...paragraphs) =>
  zipped({
    "[Content_Types].xml": "<Types/>",
    "word/document.xml": `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${paragraphs.map(paragraph).join("")}</w:body></w:document>`,
    "word/header1.xml": `<w:hdr>${paragraph("Ward 7 &amp; day clinic")}</w:hdr>`,
    "word/_rels/document.xml.rels": '<Relationships><Relationship Id="r1" Target="mailto:ann@example.org" TargetMode="External"/></Relationships>',
    "docProps/app.xml": "<Properties><Pages>3</Pages></Properties>",
  });

/** A workbook: texts shared, the second column dates. */
export function workbook(rows) {
  const texts = [...new Set(rows.flat().filter((cell) => typeof cell === "string"))];
  const cell = (value, row, column) => {
    const name = `r="${"ABCDEFG"[column]}${row + 1}"`;
    if (typeof value === "string") return `<c ${name} t="s"><v>${texts.indexOf(value)}</v></c>`;
    return `<c ${name} s="${column === 1 ? 1 : 0}"><v>${value}</v></c>`;
  };
  return zipped({
    "xl/workbook.xml": '<workbook><sheets><sheet name="Patients" sheetId="1"/></sheets></workbook>',
    "xl/sharedStrings.xml": `<sst>${texts.map((text) => (text ? `<si><t>${text}</t></si>` : "<si/>")).join("")}</sst>`,
    "xl/styles.xml": '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-409]d\\-mmm\\-yyyy;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>',
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${rows.map((row, n) => `<row r="${n + 1}">${row.map((value, m) => cell(value, n, m)).join("")}</row>`).join("")}</sheetData></worksheet>`,
  });
}

const object = (number, content) => `${number} 0 obj\n${content}\nendobj\n`;
const stream = (number, content, about = "") => `${number} 0 obj\n<< /Length ${content.length} ${about}>>\nstream\n${content}\nendstream\nendobj\n`;

/** A page of a PDF whose content is `operators`; `packed` as programs write it. */
export function page(operators, { isPacked = true, font = "/Subtype /Type1 /BaseFont /Helvetica", more = "", resources = "" } = {}) {
  const content = isPacked ? deflateSync(Buffer.from(operators, "latin1")).toString("latin1") : operators;
  const parts = [
    object(1, "<< /Type /Catalog /Pages 2 0 R >>"),
    object(2, `<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F1 5 0 R >> ${resources} >> >>`),
    object(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>"),
    stream(4, content, isPacked ? "/Filter /FlateDecode" : ""),
    object(5, `<< /Type /Font ${font} >>`),
    more,
  ];
  return Buffer.from(`%PDF-1.7\n${parts.join("")}trailer << /Root 1 0 R >>\n%%EOF`, "latin1");
}

export const pdfStream = stream;
