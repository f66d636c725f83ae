"""How rules name the model they were made with."""

import base64
import hashlib


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a model's file, in base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
