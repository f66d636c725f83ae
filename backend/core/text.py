"""Bytes as text in the alphabets the standards ask for."""

import base64


def base64url(content: bytes) -> str:
    """Return `content` in base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Return the bytes of such a text. Raise ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
