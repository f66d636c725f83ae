"""CSV that a spreadsheet reads as text: no cell can start a formula (OWASP, CSV injection)."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from typing import Final

STARTERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
LINES_AT_ONCE: Final = 200


def cell(value: object) -> str:
    """Return a value as a cell; what would start a formula is led by an apostrophe."""
    text = str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(STARTERS) or text[:1] in STARTERS else text


async def csv_lines(
    header: Iterable[str], rows: Iterable[Iterable[object]]
) -> AsyncIterator[bytes]:
    """Yield the file in pieces (RFC 4180), so that a long one is never whole in memory."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(list(header))
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(value) for value in row])
        if number % LINES_AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
