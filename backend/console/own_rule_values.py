"""Values as people paste them, and the digests a form carries in their place."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Final

from backend.detection.custom.digests import LONGEST, MOST_WORDS, SHORTEST, words
from backend.services.custom_detections import ValueDigest

_KEPT: Final = re.compile(r"([0-9a-f]{32})([0-9]{2})")
_COLUMNS: Final = re.compile(r"[\t;]|,(?=\S)")
_BYTE_ORDER_MARK: Final = "\ufeff"


class PasteFault(ValueError):
    """What is wrong with pasted values: a sentence that names the line, never the value."""


def pasted(text: str) -> tuple[str, ...]:
    """Return one value a line: a column of a spreadsheet or CSV file will do. Raise PasteFault."""
    lines = enumerate(text.removeprefix(_BYTE_ORDER_MARK).splitlines(), start=1)
    values = (_value(line.strip().rstrip(",;\t").strip(), number) for number, line in lines)
    return tuple(dict.fromkeys(value for value in values if value))


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
    if value:
        _refuse_unfindable(value, number)
    return value


def _refuse_unfindable(value: str, number: int) -> None:
    parts = words(value)
    if not SHORTEST <= sum(map(len, parts)) <= LONGEST:
        raise PasteFault(
            f"Line {number} cannot be listed: a value has {SHORTEST} to {LONGEST} letters and "
            "digits."
        )
    if len(parts) > MOST_WORDS:
        raise PasteFault(f"Line {number} cannot be listed: a value has at most {MOST_WORDS} words.")
