"""The words a stopped user reads: the organisation's own, in the user's language, filled in."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backend.policy.actions import Action
from backend.policy.validation import PolicyError, join, known_keys, mapping, text

LONGEST_MESSAGE: Final = 1000
LONGEST_FILLED: Final = 200
VARIABLES: Final = ("organisation", "service", "kinds", "contact")
MOST_LANGUAGES: Final = 40
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_MARKUP: Final = re.compile(r"<\s*[A-Za-z!/]")
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/%?=&#+-]*)?")

Words = Mapping[Action, str]
Translations = Mapping[str, Words]


def read_words(value: object, path: str) -> dict[Action, str]:
    """Return messages by action. Raise PolicyError for markup and unknown variables."""
    found = known_keys(value, path, ("warn", "block"))
    return {Action(key): read_message(found[key], join(path, key)) for key in found}


def read_message(value: object, path: str) -> str:
    """Return one message: plain text with known variables in braces."""
    words = text(value, path, LONGEST_MESSAGE)
    if _MARKUP.search(words):
        raise PolicyError(path, "holds markup; messages are plain text")
    for name in _VARIABLE.findall(words):
        if name not in VARIABLES:
            raise PolicyError(path, f"has an unknown variable; known are {', '.join(VARIABLES)}")
    return words


def read_translations(value: object, path: str) -> Translations:
    """Return messages by language, such as `es` or `pt-BR`."""
    found = mapping(value, path)
    if len(found) > MOST_LANGUAGES:
        raise PolicyError(path, f"has more than {MOST_LANGUAGES} languages")
    for key in found:
        if not _LANGUAGE.fullmatch(key):
            raise PolicyError(join(path, key), "is no language such as es or pt-BR")
    return MappingProxyType(
        {key: MappingProxyType(read_words(words, join(path, key))) for key, words in found.items()}
    )


def read_contact(value: object, path: str) -> str:
    """Return whom to ask; empty when nobody is named."""
    if value == "":
        return ""
    words = text(value, path, 200)
    if _MARKUP.search(words) or "{" in words:
        raise PolicyError(path, "holds markup; write a name, an address or a number")
    return words


def read_page(value: object, path: str) -> str:
    """Return the address of the acceptable use page; empty when there is none."""
    if value == "":
        return ""
    words = text(value, path, 500)
    if not _ADDRESS.fullmatch(words):
        raise PolicyError(path, "is no https address")
    return words


def chosen(words: Words, translations: Translations, languages: tuple[str, ...]) -> Words:
    """Return the messages in the first of the user's languages that there is, `pt` for `pt-BR`."""
    for language in languages:
        for name in (language, language.partition("-")[0]):
            if name in translations:
                return {**words, **translations[name]}
            if name == "en":
                return words
    return words


def filled(message: str, values: Mapping[str, str]) -> str:
    """Return a message with its variables replaced; what is not known is left out.

    A value never becomes a variable itself.
    """
    return _VARIABLE.sub(lambda found: values.get(found[1], "")[:LONGEST_FILLED], message)
