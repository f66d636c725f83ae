"""Password hashes (Argon2id, RFC 9106) in a bounded pool, and one-time codes (RFC 6238)."""

import asyncio
import base64
import binascii
import functools
import hashlib
import hmac
import os
import struct
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.core.errors import Unavailable

_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
_TOTP_SECONDS: Final = 30
LONGEST_PASSWORD: Final = 256
MOST_WAITING: Final = 32


def hash_password(password: str) -> str:
    """Return an Argon2id hash: 46 MiB, one pass (OWASP's equivalent of 19 MiB and two)."""
    return _HASHER.hash(password)


@functools.cache
def _hash_of_nobody() -> str:
    """Return the hash of a password nobody knows, to be compared where there is no account."""
    return hash_password(os.urandom(16).hex())


class Passwords:
    """Checks passwords without letting a burst of sign-ins take the whole machine."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="password")
        self._nobody = _hash_of_nobody()
        self._waiting = 0

    async def is_right(self, stored: str | None, password: str) -> bool:
        """Return whether `password` is the one behind `stored`; None costs the same time.

        Raise Unavailable when so many wait that the answer would come too late to matter.
        """
        if self._waiting >= MOST_WAITING:
            raise Unavailable(
                "Too many people are signing in at this moment, so yours was not looked at. "
                "Try again in a few seconds.",
                retry_after_seconds=5,
            )
        if len(password) > LONGEST_PASSWORD:
            stored, password = None, ""
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._check, stored, password)
        finally:
            self._waiting -= 1

    async def hashed(self, password: str) -> str:
        """Return an Argon2id hash, made beside the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, hash_password, password)

    def _check(self, stored: str | None, password: str) -> bool:
        try:
            _HASHER.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
        return stored is not None

    def close(self) -> None:
        """Let go of the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def totp_step(secret: str, code: str, now_seconds: float) -> int | None:
    """Return the time step `code` belongs to, of the present one and its neighbours, else None."""
    try:
        key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    except binascii.Error:  # a damaged secret lets nobody in
        return None
    present = int(now_seconds) // _TOTP_SECONDS
    matching = [
        step for step in (present - 1, present, present + 1)
        if hmac.compare_digest(_totp(key, step), code.encode("ascii", "replace"))
    ]  # fmt: skip
    return matching[0] if matching else None


def _totp(key: bytes, step: int) -> bytes:
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}".encode()
