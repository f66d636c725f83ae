"""CSV (RFC 4180) that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_STARTERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
Cell = str | int | float | bool | None


def csv_line(cells: Iterable[Cell]) -> str:
    """Return one line; a text that a spreadsheet would calculate gets an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def csv_text(header: Sequence[str], lines: Iterable[Iterable[Cell]]) -> str:
    """Return a whole file."""
    return csv_line(header) + "".join(csv_line(line) for line in lines)


def plain_cell(text: str) -> str:
    """Return a cell as it was before `csv_line` made it harmless."""
    is_guarded = text.startswith("'") and text[1:].lstrip(" ").startswith(_STARTERS)
    return text[1:] if is_guarded else text


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    is_formula = cell.lstrip(" ").startswith(_STARTERS)
    return f"'{cell}" if is_formula else cell
