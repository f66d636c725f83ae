"""What people write of themselves and their reasons: kept short, in one line, and readable."""

import unicodedata
from typing import Final

from backend.core.errors import InvalidInput, RefusedField

LONGEST_NAME: Final = 120
LONGEST_REASON: Final = 500
LONGEST_EMAIL: Final = 254
BAD_REASON: Final = "reason-missing"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def said_name(text: str, field: str = "name") -> str:
    """Return a name with its spaces tidied. Raise RefusedField for one nobody could read.

    Control, bidirectional and unassigned characters make a name look like another one.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split(" ")).strip()
    name = " ".join(part for part in name.split(" ") if part)
    if not name or len(name) > LONGEST_NAME or has_unseen(name):
        why = f"takes 1 to {LONGEST_NAME} characters that can be seen"
        raise RefusedField(
            f"Nothing was changed: {field} {why}. Write it again without control characters.",
            field, why,
        )  # fmt: skip
    return name


def said_reason(reason: str) -> str:
    """Return a reason in one line. Raise InvalidInput for an empty or unreadable one."""
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON or has_unseen(words):
        raise InvalidInput(
            f"Say in 1 to {LONGEST_REASON} characters why; the reason is kept with the change.",
            code=BAD_REASON,
        )
    return words


def said_email(text: str) -> str:
    """Return an address in lower case. Raise RefusedField for what cannot be one (RFC 5321)."""
    email = text.strip().lower()
    local, at, domain = email.rpartition("@")
    is_plain = not any(letter.isspace() for letter in email) and not has_unseen(email)
    if not (local and at and domain) or len(email) > LONGEST_EMAIL or not is_plain:
        why = "takes one address such as ann@example.org"
        raise RefusedField(f"Nothing was changed: email {why}. Correct it.", "email", why)
    return email


def has_unseen(text: str) -> bool:
    """Return whether a text holds characters that show nothing of themselves."""
    return any(unicodedata.category(letter) in _UNSEEN for letter in text)
