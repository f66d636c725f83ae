"""Word documents and Excel workbooks, by python-docx and openpyxl."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from backend.documents.piece import NotRead, Piece, reading
from backend.documents.tables import row_pieces

LARGEST_UNPACKED: Final = 512 * 1024 * 1024


def word_pieces(path: Path) -> Iterator[Piece]:
    """Yield paragraphs, table rows, headers and footers. Raise NotRead for a broken file."""
    import docx  # noqa: PLC0415 -- half a second that only a Word document costs

    _refuse_bomb(path)
    with reading("Word document"):
        document = docx.Document(str(path))
        yield Piece("\n".join(paragraph.text for paragraph in document.paragraphs), "body")
        for number, table in enumerate(document.tables, start=1):
            rows = ("\t".join(cell.text for cell in row.cells) for row in table.rows)
            yield Piece("\n".join(rows), f"table {number}")
        for number, section in enumerate(document.sections, start=1):
            yield from _margins(section, number)


def _margins(section: Any, number: int) -> Iterator[Piece]:
    for part, name in ((section.header, "header"), (section.footer, "footer")):
        text = "\n".join(paragraph.text for paragraph in part.paragraphs)
        if text.strip():
            yield Piece(text, f"{name} {number}")


def sheet_pieces(path: Path) -> Iterator[Piece]:
    """Yield the rows of every sheet. Raise NotRead for a broken file."""
    import openpyxl  # noqa: PLC0415 -- the same for a workbook

    _refuse_bomb(path)
    with reading("Excel workbook"):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                yield from _rows(sheet)
        finally:
            book.close()


def _rows(sheet: Any) -> Iterator[Piece]:
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    texts = ((n, ["" if value is None else str(value) for value in row]) for n, row in rows)
    yield from row_pieces(texts, f"sheet {sheet.title}")


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        raise NotRead("it is damaged or protected by a password") from None
    if size > LARGEST_UNPACKED:
        raise NotRead("it unpacks to more than 512 MiB")
