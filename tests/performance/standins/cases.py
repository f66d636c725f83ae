"""One text of a stand-in, and what a detector must find in it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """A text, and the spans and types of its values."""

    text: str
    values: tuple[tuple[int, int, str], ...]

    @classmethod
    def of(cls, parts: Iterable[str | tuple[str, str]]) -> "Case":
        """Join pieces of text and `(value, type)`."""
        text, values = "", []
        for part in parts:
            if isinstance(part, tuple):
                values.append((len(text), len(text) + len(part[0]), part[1]))
            text += part if isinstance(part, str) else part[0]
        return cls(text, tuple(values))
