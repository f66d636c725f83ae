"""What an extraction yields, and what keeps it from yielding."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and where it stands: `page 3`, `sheet Patients`, or nothing but a line.

    `line` is the line, or row, of its first line; `has_columns` says whether its columns are the
    file's own.
    """

    text: str
    place: str = ""
    line: int = 1
    has_columns: bool = False

    def __repr__(self) -> str:
        """Never show the text."""
        return f"Piece({self.place!r}, {len(self.text)} characters)"


class NotRead(Exception):
    """A file whose text cannot be had; the message says why, without quoting it."""


Extract = Callable[[Path], Iterator[Piece]]


@contextlib.contextmanager
def reading(kind: str) -> Iterator[None]:
    """Turn whatever a parser of somebody's file raises into NotRead; a message may quote it."""
    try:
        yield
    except NotRead:
        raise
    except Exception as error:  # noqa: BLE001 -- parsers of hostile files raise anything
        raise NotRead(f"it is no readable {kind} ({type(error).__name__})") from None
