"""What a password must be (NIST SP 800-63B, section 5.1.1.2): long, and nothing everybody tries."""

import re
from typing import Final

from backend.core.errors import InvalidInput
from backend.core.passwords import LONGEST_PASSWORD

SHORTEST: Final = 12
_LEAST_DIFFERENT: Final = 5
_COMMON: Final = (
    "password", "passwort", "contrasena", "motdepasse", "quillgate", "qwerty", "azerty", "letmein",
    "welcome", "iloveyou", "changeme", "administrator", "abcdefgh", "12345678", "87654321",
)  # fmt: skip


def refuse_weak(password: str, email: str) -> None:
    """Raise InvalidInput, saying what is wrong, for a password that would soon be guessed."""
    problem = _problem(password, email)
    if problem is not None:
        raise InvalidInput(
            f"This password {problem}. Choose a longer one, such as four words that do not belong "
            "together; no kinds of characters are prescribed.",
            code="weak-password",
        )


def _problem(password: str, email: str) -> str | None:
    if not SHORTEST <= len(password) <= LONGEST_PASSWORD:
        return f"must have {SHORTEST} to {LONGEST_PASSWORD} characters"
    plain = re.sub(r"[^a-z0-9]", "", password.lower())
    if len(set(password)) < _LEAST_DIFFERENT:
        return "is made of too few different characters"
    name = email.partition("@")[0].lower()
    for common in (*_COMMON, *([name] if len(name) > 3 else [])):  # noqa: PLR2004 -- three letters are in any word
        if (
            len(plain.replace(common, "")) < len(plain)
            and len(plain.replace(common, "")) < SHORTEST
        ):
            return "is little more than a word everybody tries, or your own address"
    return None
