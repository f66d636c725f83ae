"""Values as people paste them, and the digests a form carries in their place."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from backend.services.custom_detections import ValueDigest

LONGEST_VALUE: Final = 200
_KEPT: Final = re.compile(r"([0-9a-f]{32})([0-9]{2})")
_COLUMNS: Final = re.compile(r"[\t;]|,(?=\S)")
_BYTE_ORDER_MARK: Final = "\ufeff"


class PasteFault(ValueError):
    """What is wrong with pasted values: a sentence that names the line, never the value."""


@dataclass(frozen=True, slots=True)
class Paste:
    """Values, and the line each of them stood on."""

    values: tuple[str, ...]
    lines: tuple[int, ...]


def pasted(text: str) -> Paste:
    """Return one value a line: a column of a spreadsheet or CSV file will do. Raise PasteFault."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.removeprefix(_BYTE_ORDER_MARK).splitlines(), start=1):
        value = _value(line.strip().rstrip(",;\t").strip(), number)
        if value:
            found.setdefault(value, number)
    return Paste(tuple(found), tuple(found.values()))


def kept_text(digests: Iterable[ValueDigest]) -> str:
    """Return digests as a hidden field carries them."""
    return ".".join(f"{one.digest}{one.length:02d}" for one in digests)


def kept_digests(text: str) -> list[ValueDigest]:
    """Return the digests of a hidden field, leaving out whatever is none."""
    found = (_KEPT.fullmatch(part) for part in text.split("."))
    return [ValueDigest(one[1], int(one[2])) for one in found if one]


def together(*lists: Sequence[ValueDigest]) -> list[ValueDigest]:
    """Return all digests once, in the order they came."""
    return list({one.digest: one for every in lists for one in every}.values())


def _value(line: str, number: int) -> str:
    is_quoted = line.startswith('"') and line.endswith('"') and len(line) > 1
    cells = next(csv.reader([line]), []) if is_quoted else _COLUMNS.split(line)
    if len(cells) > 1:
        raise PasteFault(
            f"Line {number} holds several columns. Paste one column alone, or put a value that has "
            'such signs in "quotes".'
        )
    value = cells[0].strip() if cells else ""
    if len(value) > LONGEST_VALUE:
        raise PasteFault(f"Line {number} is longer than {LONGEST_VALUE} characters.")
    return value
