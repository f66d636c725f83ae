"""What mails say, in the languages there is a file for."""

import functools
import tomllib
from collections.abc import Iterable, Mapping
from typing import Final

from backend.services.shared_data import SHARED_RULES

DEFAULT: Final = "en"
KINDS: Final = (
    "invitation", "password_reset", "password_changed", "second_factor_changed", "review_due",
    "exception_ending", "key_ending",
)  # fmt: skip
_SPOKEN: Final = {
    "DE": "de", "AT": "de", "LI": "de", "FR": "fr", "MC": "fr", "ES": "es", "MX": "es", "AR": "es",
    "CL": "es", "CO": "es", "PE": "es", "UY": "es", "EC": "es", "CR": "es", "PA": "es", "GT": "es",
}  # fmt: skip


@functools.cache
def _texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    folder = SHARED_RULES / "mails"
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}


def languages() -> tuple[str, ...]:
    """Return the languages mails are written in, English first."""
    return (DEFAULT, *sorted(_texts().keys() - {DEFAULT}))


def preferred(read: Iterable[str]) -> str:
    """Return the first of the languages somebody reads that mails are written in: `de-AT` is de."""
    plain = (tag.partition("-")[0].lower() for tag in read)
    return next((language for language in plain if language in _texts()), DEFAULT)


def language_of_country(country: str | None) -> str:
    """Return what is most likely read in a country; English where several languages are."""
    return _SPOKEN.get(country or "", DEFAULT)


def written(kind: str, language: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and text. Every value stands in one line, whoever wrote it."""
    texts = _texts()
    found = texts.get(language, texts[DEFAULT])[kind]
    plain = {name: " ".join(value.split()) for name, value in values.items()}
    return found["subject"].format_map(plain), found["text"].strip().format_map(plain) + "\n"
