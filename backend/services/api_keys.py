"""Keys for programs: `qgk_PREFIX_SECRET`, never more than their owner may do, until a date."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import Conflict, NotFound, RefusedField, Unauthenticated
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.sessions import OPEN_ACCOUNT, as_principal

LONGEST_DAYS: Final = 366
LONGEST_OVERLAP_HOURS: Final = 168
MOST_KEYS: Final = 100
USED_EVERY: Final = timedelta(minutes=1)
START: Final = "qgk_"
NEVER: Final = frozenset(
    {"apikey:write", "account:write", "session:read", "session:revoke", "role:grant"}
)
"""What needs a person: a key must not make keys, end sign-ins or give roles."""
_FORM: Final = re.compile(r"qgk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as those see it who look after it."""

    id: UUID
    name: str
    prefix: str
    scopes: Sequence[str]
    owner_id: UUID
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key and its whole text, which is shown this once."""

    key: ApiKey
    text: str


class ApiKeys:
    """Makes, lists, rotates, ends and recognises keys."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def create(
        self, principal: Principal, name: str, scopes: Sequence[str], lifetime: timedelta
    ) -> NewKey:
        """Make a key that acts as its maker, with `scopes` only. Raise RefusedField, Conflict."""
        principal.require("apikey:write")
        wanted = sorted(set(scopes))
        for scope in wanted:
            if scope in NEVER or not principal.reach(scope):
                raise RefusedField(
                    f"You cannot give a key {scope}: a key may do what you may do, except what "
                    "needs a person. Leave it out.",
                    "scopes",
                    f"cannot hold {scope}",
                )
        return await self._write(principal, name, wanted, self._clock.now() + lifetime, None)

    async def of(self, principal: Principal) -> tuple[ApiKey, ...]:
        """Return the keys of the caller's own organisation, newest first."""
        principal.require("apikey:write")
        async with self._database.scoped(principal.own_scope()) as connection:
            rows = await connection.fetch(f"{_KEYS} ORDER BY k.id DESC")
        return tuple(ApiKey(**dict(row)) for row in rows)

    async def rotate(self, principal: Principal, key_id: UUID, overlap: timedelta) -> NewKey:
        """Make a successor of the caller's own key; the old one works on for `overlap`.

        Raise NotFound; raise Conflict for a key that works no longer.
        """
        principal.require("apikey:write")
        now = self._clock.now()
        async with self._database.scoped(principal.own_scope()) as connection:
            row = await connection.fetchrow(f"{_KEYS} WHERE k.id = $1", key_id)
        if row is None or row["owner_id"] != principal.user_id:
            raise NotFound("You have no such key. List the keys, or make a new one.")
        if row["revoked_at"] is not None or row["expires_at"] <= now:
            raise Conflict("This key works no longer. Make a new one.")
        lifetime = row["expires_at"] - row["created_at"]
        return await self._write(
            principal, row["name"], row["scopes"], now + lifetime, (key_id, now + overlap)
        )

    async def revoke(self, principal: Principal, key_id: UUID) -> None:
        """End a key of the caller's organisation at once; twice changes nothing. Raise NotFound."""
        principal.require("apikey:write")
        async with self._database.scoped(principal.own_scope()) as connection:
            ended = await connection.fetchval(_REVOKE, key_id, self._clock.now())
            if ended is None and not await connection.fetchval(
                "SELECT EXISTS (SELECT FROM api_keys WHERE id = $1)", key_id
            ):
                raise NotFound("There is no such key. List the keys.")
            if ended is not None:
                subject = Subject("api_key", key_id)
                await AdminTrail.record(connection, principal, "api_key.revoke", subject)

    async def principal_of(self, text: str) -> Principal:
        """Return who a key acts for. Raise Unauthenticated, in one wording for every reason.

        The database is asked each time, so a key ends with itself and with its owner's account.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise _refused()
        now = self._clock.now()
        async with self._database.scoped(Scope.sign_in()) as connection:
            rows = await connection.fetch(_KNOWN, found[1], now)
            row = next((one for one in rows if _is_secret(found[2], one["secret_hash"])), None)
            if row is None:
                raise _refused()
            if row["last_used_at"] is None or row["last_used_at"] + USED_EVERY <= now:
                await connection.execute(_USED, row["tenant_id"], row["key_id"], now)
        return replace(as_principal(row, row["key_id"]), scopes=frozenset(row["scopes"]) - NEVER)

    async def _write(
        self,
        principal: Principal,
        name: str,
        scopes: Sequence[str],
        until: datetime,
        replaced: tuple[UUID, datetime] | None,
    ) -> NewKey:
        made, prefix, secret = uuid7(), secrets.token_hex(6), secrets.token_urlsafe(32)
        async with self._database.scoped(principal.own_scope()) as connection:
            if await connection.fetchval(_COUNT, self._clock.now()) >= MOST_KEYS:
                raise Conflict(f"There are {MOST_KEYS} keys already. End those nobody uses.")
            await connection.execute(
                _INSERT, principal.tenant_id, made, principal.msp_id, principal.user_id, name,
                prefix, _hash(secret), list(scopes), until,
            )  # fmt: skip
            if replaced is not None:
                await connection.execute(_END_LATER, *replaced)
            await AdminTrail.record(
                connection, principal, "api_key.rotate" if replaced else "api_key.create",
                Subject("api_key", made), scopes=list(scopes), name=name,
            )  # fmt: skip
            row = await connection.fetchrow(f"{_KEYS} WHERE k.id = $1", made)
        return NewKey(ApiKey(**dict(row or {})), f"{START}{prefix}_{secret}")


def _hash(secret: str) -> bytes:
    """Return what is kept of 256 random bits: a plain SHA-256 cannot be inverted by trying."""
    return hashlib.sha256(secret.encode()).digest()


def _is_secret(secret: str, kept: Any) -> bool:
    return hmac.compare_digest(_hash(secret), bytes(kept))


def _refused() -> Unauthenticated:
    return Unauthenticated(
        "This API key does not work: it is unknown, ended or expired, or its owner may no longer "
        "sign in. Ask the administrator who made it for a new one.",
        code="api-key-refused",
    )


_KEYS: Final = """
SELECT k.id, k.name, k.prefix, k.scopes, k.user_id AS owner_id, k.created_at, k.expires_at,
    k.last_used_at, k.revoked_at
FROM api_keys k
"""
_COUNT: Final = "SELECT count(*) FROM api_keys WHERE revoked_at IS NULL AND expires_at > $1"
_INSERT: Final = """
INSERT INTO api_keys
    (tenant_id, id, msp_id, user_id, name, prefix, secret_hash, scopes, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_END_LATER: Final = "UPDATE api_keys SET expires_at = least(expires_at, $2) WHERE id = $1"
_REVOKE: Final = """
UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id
"""
END_KEYS: Final = """
UPDATE api_keys SET revoked_at = now() WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL
"""
"""Ends all keys of a person: who had to have a new password mailed may not know them all."""
_KNOWN: Final = f"""
SELECT k.id AS key_id, k.secret_hash, k.scopes, k.last_used_at,
    u.tenant_id, u.id, u.msp_id, u.client_id, u.role, u.totp_secret, u.second_factor
FROM api_keys k JOIN users u ON u.tenant_id = k.tenant_id AND u.id = k.user_id
WHERE k.prefix = $1 AND k.revoked_at IS NULL AND k.expires_at > $2 AND {OPEN_ACCOUNT}
"""  # noqa: S608 -- constants
_USED: Final = "UPDATE api_keys SET last_used_at = $3 WHERE tenant_id = $1 AND id = $2"
