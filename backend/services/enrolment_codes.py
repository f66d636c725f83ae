"""Enrolment codes: 80 random bits in letters a person can type; only their hash is kept."""

import base64
import hashlib
import secrets

from backend.core.errors import InvalidInput

_BYTES = 10
_GROUP = 4


def new_code() -> str:
    """Return a code such as `ABCD-EFGH-IJKL-MNOP` (RFC 4648 base32)."""
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode()
    return "-".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def code_hash(code: str) -> bytes:
    """Return what is stored of a code; spaces, dashes and case do not matter.

    The code has 80 random bits, so a plain SHA-256 cannot be inverted by trying.
    Raise InvalidInput.
    """
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    try:
        is_code = len(base64.b32decode(plain)) == _BYTES
    except ValueError:
        is_code = False
    if not is_code:
        raise InvalidInput(
            "An enrolment code has sixteen letters and digits, such as ABCD-EFGH-IJKL-MNOP. "
            "Check it, or ask your administrator for a new one.",
            code="wrong-code",
        )
    return hashlib.sha256(plain.encode()).digest()
