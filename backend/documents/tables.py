"""Rows of cells as text in which every cell stands behind the name of its column."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from backend.documents.piece import Piece
from backend.documents.plain import encoding_of, text_pieces

ROWS_TOGETHER: Final = 50
_SAMPLE: Final = 8192
_LONGEST_NAME: Final = 60


def csv_pieces(path: Path) -> Iterator[Piece]:
    """Yield the rows of a CSV file; one that is none is read as plain text."""
    with path.open(encoding=encoding_of(path), errors="replace", newline="") as file:
        try:
            dialect = csv.Sniffer().sniff(file.read(_SAMPLE), delimiters=",;\t|")
        except csv.Error:
            yield from text_pieces(path)
            return
        file.seek(0)
        reader = csv.reader(file, dialect)
        yield from row_pieces(((reader.line_num, row) for row in reader), "")


def row_pieces(rows: Iterable[tuple[int, Sequence[str]]], place: str) -> Iterator[Piece]:
    """Yield numbered rows, fifty at a time, one a line."""
    names: Sequence[str] = ()
    lines: list[str] = []
    first = last = 0
    for number, row in rows:
        if last == 0 and _is_head(row):
            names = row
        lines += [""] * (number - last - 1 if lines else 0)  # cells may hold lines of their own
        first = first or number
        lines.append(_line(names if names is not row else (), row))
        last = number
        if len(lines) >= ROWS_TOGETHER:
            yield Piece("\n".join(lines), place, first)
            lines, first = [], 0
    if lines:
        yield Piece("\n".join(lines), place, first)


def _is_head(row: Sequence[str]) -> bool:
    named = [cell.strip() for cell in row if cell.strip()]
    return bool(named) and all(
        len(name) <= _LONGEST_NAME and not any(map(str.isdigit, name)) for name in named
    )


def _line(names: Sequence[str], row: Sequence[str]) -> str:
    cells = []
    for number, cell in enumerate(row):
        text = " ".join(cell.split())
        name = names[number].strip().replace("_", " ") if number < len(names) else ""
        cells.append(f"{name}: {text}" if name and text else text)
    return "\t".join(cells)
