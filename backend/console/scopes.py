"""Whose data a page shows, said so that nobody mistakes one client for another."""

from dataclasses import dataclass
from typing import Final

from backend.services.clients import ClientCard

COLOURS: Final = 8
_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class ScopeBadge:
    """A name, its letters and its colour: the same on every page."""

    name: str
    letters: str
    style: str


def client_badge(card: ClientCard) -> ScopeBadge:
    """Return the badge of one client. Up to eight clients of an MSP differ in colour."""
    words = [word for word in card.name.split() if word[0].isalnum()]
    letters = "".join(word[0] for word in words[:_LETTERS]) or "?"
    return ScopeBadge(card.name, letters.upper(), f"scope-{card.ordinal % COLOURS}")


def organisation_badge(name: str, letters: str = "ALL") -> ScopeBadge:
    """Return the badge of an organisation as a whole, in the one colour no client has."""
    return ScopeBadge(name, letters, "scope-all")
