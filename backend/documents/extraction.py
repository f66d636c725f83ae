"""Which reader a file gets, by its name and its first bytes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from backend.documents.office import sheet_pieces, word_pieces
from backend.documents.pdf import pdf_pieces
from backend.documents.piece import Extract, NotRead, Piece
from backend.documents.plain import text_pieces
from backend.documents.tables import csv_pieces

LARGEST_FILE: Final = 64 * 1024 * 1024
_READERS: Final[Mapping[str, Extract]] = {
    ".csv": csv_pieces, ".docx": word_pieces, ".pdf": pdf_pieces, ".tsv": csv_pieces,
    ".xlsm": sheet_pieces, ".xlsx": sheet_pieces,
}  # fmt: skip
_PDF: Final = b"%PDF-"


def pieces(path: Path) -> Iterator[Piece]:
    """Yield the text of a file in pieces. Raise NotRead, also in the middle, when it cannot."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise NotRead("it is larger than 64 MiB")
        with path.open("rb") as file:
            start = file.read(len(_PDF))
        reader = pdf_pieces if start == _PDF else _READERS.get(path.suffix.lower(), text_pieces)
        yield from reader(path)
    except OSError as error:
        raise NotRead(error.strerror or type(error).__name__) from None
