"""Places in a list that is read newest first: a moment and an id, as one opaque text."""

import base64
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Final
from uuid import UUID

from backend.core.errors import InvalidInput

Place = tuple[datetime, UUID] | tuple[None, None]
_NOT_OURS: Final = "The cursor is not one of ours. Use `next` of the page before, or none at all."


def is_within_reason(moment: datetime) -> bool:
    """Return whether every time zone can express a moment."""
    return moment.tzinfo is not None and MINYEAR < moment.year < MAXYEAR


def within_reason(moment: datetime | None) -> datetime | None:
    """Keep a moment that can be compared. Raise InvalidInput for the others."""
    if moment is not None and not is_within_reason(moment):
        raise InvalidInput("There are no entries of that year. Ask for a later or earlier time.")
    return moment


def cursor_at(moment: datetime, row_id: UUID) -> str:
    """Name the place behind a row."""
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {row_id}".encode()).decode()


def place_of(cursor: str | None) -> Place:
    """Return the place a cursor names. Raise InvalidInput for a text we never made."""
    if cursor is None:
        return None, None
    try:
        moment, row_id = base64.urlsafe_b64decode(cursor.encode("ascii")).decode().split(" ")
        at = datetime.fromisoformat(moment)
        if not is_within_reason(at):
            raise ValueError  # noqa: TRY301 -- one refusal for whatever is wrong with it
        return at, UUID(row_id)
    except ValueError:
        raise InvalidInput(_NOT_OURS) from None
