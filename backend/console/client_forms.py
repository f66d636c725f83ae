"""What people type about a client, read into what the service takes. Raises InvalidInput."""

import re
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from backend.core.errors import InvalidInput
from backend.services.client_administration import NewClient

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_MOST_SEATS: Final = 1_000_000
_MOST_DAYS: Final = 365
_LONGEST: Final = 120
Form = MultiDict[str, str]


def new_client(form: Form) -> NewClient:
    """Return the client a form describes."""
    return NewClient(
        name=form.get("name", "")[: _LONGEST + 1],
        template=form.get("template", "")[:_LONGEST],
        seats=_number(form, "seats", "Seats", _MOST_SEATS),
        country=_country(form),
        timezone=form.get("timezone", "")[:_LONGEST].strip(),
        frameworks=tuple(form.getlist("framework"))[:32],
    )


def changes(form: Form, before: dict[str, Any], *, is_msp: bool) -> dict[str, Any]:
    """Return the fields that differ from what is there; a client changes fewer than its MSP."""
    given: dict[str, Any] = {
        "timezone": form.get("timezone", "")[:_LONGEST].strip(),
        "frameworks": sorted(form.getlist("framework"))[:32],
    }
    if is_msp:
        given |= {
            "name": form.get("name", "")[: _LONGEST + 1].strip(),
            "seats": _number(form, "seats", "Seats", _MOST_SEATS),
            "country": _country(form),
            "grace_days": _number(form, "grace_days", "Days of grace", _MOST_DAYS),
        }
    return {name: value for name, value in given.items() if value != before[name]}


def whole(form: Form, name: str) -> int:
    """Return a whole number that a page put into its own form; 0 for anything else."""
    text = form.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 -- fits 32 bits


def _number(form: Form, name: str, label: str, most: int) -> int:
    text = form.get(name, "").strip()
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(most)) or int(text) > most:
        raise InvalidInput(
            f"{label} takes a whole number from 0 to {most:,}. Correct it and send the form again."
        )
    return int(text)


def _country(form: Form) -> str:
    country = form.get("country", "").strip().upper()
    if not _COUNTRY.fullmatch(country):
        raise InvalidInput("The country takes two letters, such as US or DE. Correct it.")
    return country
