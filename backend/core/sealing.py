"""Small secrets kept in the database so that only this installation can read them."""

import base64
import binascii
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12
_FORMAT: Final = "1:"


def sealed(key: bytes, secret: str, owner: str) -> str:
    """Return `secret` under AES-256-GCM (NIST SP 800-38D), bound to `owner`, its row's id."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    box = AESGCM(key).encrypt(nonce, secret.encode(), owner.encode())
    return _FORMAT + base64.b64encode(nonce + box).decode()


def opened(key: bytes, text: str, owner: str) -> str | None:
    """Return what `sealed` was given; None for what is damaged, foreign or of another owner."""
    if not text.startswith(_FORMAT):
        return None
    try:
        content = base64.b64decode(text.removeprefix(_FORMAT), validate=True)
        nonce, box = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        return AESGCM(key).decrypt(nonce, box, owner.encode()).decode()
    except (binascii.Error, InvalidTag, ValueError):
        return None
