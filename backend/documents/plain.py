"""Text files of any kind, in pieces of whole lines."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from backend.documents.piece import NotRead, Piece

LARGEST_PIECE: Final = 64 * 1024
OVERLAP_LINES: Final = 3
_LOOKED_AT: Final = 8192
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_pieces(path: Path) -> Iterator[Piece]:
    """Yield the lines of a text file. Raise NotRead for a file that is no text."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines: list[str] = []
        size, first = 0, 1
        for number, line in enumerate(file, start=1):
            lines.append(line)
            size += len(line)
            if size >= LARGEST_PIECE:
                yield Piece("".join(lines), line=first, has_columns=True)
                # What stands across the cut is read again with the lines before it.
                lines = lines[-OVERLAP_LINES:] if len(line) < LARGEST_PIECE // 2 else []
                first = number + 1 - len(lines)
                size = sum(map(len, lines))
        if lines:
            yield Piece("".join(lines), line=first, has_columns=True)


def encoding_of(path: Path) -> str:
    """Return how a text file is encoded. Raise NotRead for one that is no text."""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        raise NotRead("it is not a text file of a kind we read")
    return "utf-8"
