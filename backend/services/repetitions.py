"""Requests that make something, answered once: who repeats one gets the first answer again."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import Conflict
from backend.core.principal import Principal
from backend.core.signing import KeyRing

KEPT: Final = timedelta(hours=24)
ABANDONED: Final = timedelta(seconds=60)
"""A request that has not been answered for so long died with its process; it may be made anew."""
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request with a key; its id is a keyed digest, so the key itself is nowhere kept."""

    id: bytes
    body_digest: bytes


class Repetitions:
    """Keeps answers for a day, sealed (AES-256-GCM), per tenant, person, operation and key."""

    def __init__(self, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    def attempt(self, principal: Principal, operation: str, key: str, body: bytes) -> Attempt:
        """Return the attempt a request is; the key counts for one person and operation only."""
        secret = self._keys.answers_key(principal.tenant_id)
        named = f"{principal.user_id}\0{operation}\0{key}".encode()
        return Attempt(_mac(secret, b"id\0" + named), _mac(secret, b"body\0" + body))

    async def begun(self, principal: Principal, attempt: Attempt) -> Answer | None:
        """Begin an attempt and return None, or return the answer it already has.

        Raise Conflict when the key was used for something else, or is being answered right now.
        """
        now = self._clock.now()
        async with self._database.scoped(principal.own_scope()) as connection:
            await connection.execute(_CLEAR, now - KEPT, attempt.id, now - ABANDONED)
            made = await connection.fetchval(
                _BEGIN, principal.tenant_id, attempt.id, principal.msp_id, attempt.body_digest, now
            )
            if made is not None:
                return None
            kept = await connection.fetchrow(_KEPT, attempt.id)
        if kept is None or not hmac.compare_digest(kept["body_digest"], attempt.body_digest):
            raise Conflict(
                "This Idempotency-Key was used for another request, so nothing was done. Send each "
                "new request with a new key.",
                code="idempotency-key-reused",
            )
        if kept["answer"] is None:
            raise Conflict(
                "The first request with this Idempotency-Key is still being answered. Wait a "
                "moment and send it again.",
                code="idempotency-in-progress",
            )
        return Answer(kept["status"], self._opened(principal.tenant_id, attempt, kept["answer"]))

    async def finished(self, principal: Principal, attempt: Attempt, answer: Answer) -> None:
        """Keep an answer."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = AESGCM(self._keys.answers_key(principal.tenant_id))
        sealed = nonce + cipher.encrypt(nonce, answer.body, attempt.id)
        async with self._database.scoped(principal.own_scope()) as connection:
            await connection.execute(
                "UPDATE idempotency_keys SET status = $2, answer = $3 WHERE id = $1",
                attempt.id, answer.status, sealed,
            )  # fmt: skip

    async def failed(self, principal: Principal, attempt: Attempt) -> None:
        """Forget an attempt that made nothing, so that it may be tried again."""
        async with self._database.scoped(principal.own_scope()) as connection:
            await connection.execute("DELETE FROM idempotency_keys WHERE id = $1", attempt.id)

    def _opened(self, tenant_id: UUID, attempt: Attempt, sealed: bytes) -> bytes:
        cipher = AESGCM(self._keys.answers_key(tenant_id))
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], attempt.id)
        except InvalidTag:
            raise Conflict(
                "The kept answer can no longer be read. Look whether the first request did what "
                "you wanted, then use a new key.",
                code="idempotency-unreadable",
            ) from None


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


_CLEAR: Final = """
DELETE FROM idempotency_keys
WHERE created_at < $1 OR (id = $2 AND answer IS NULL AND created_at < $3)
"""
_BEGIN: Final = """
INSERT INTO idempotency_keys (tenant_id, id, msp_id, body_digest, created_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, id) DO NOTHING RETURNING true
"""
_KEPT: Final = "SELECT body_digest, status, answer FROM idempotency_keys WHERE id = $1"
