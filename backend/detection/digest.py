"""How rules name what they were made with, and bundles the rulebook: by its content."""

import base64
import hashlib


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of some content, in base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
