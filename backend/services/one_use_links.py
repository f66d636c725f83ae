"""Links that let somebody in once: made for a mail, found by the hash of what it holds."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from backend.core.database import Connection, Database
from backend.core.errors import InvalidInput
from backend.core.identifiers import uuid7
from backend.core.scope import Scope

INVITATION: Final = "invitation"
RESET: Final = "password_reset"
HOLDS: Final = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
STATUS: Final = {INVITATION: "invited", RESET: "active"}
"""What the person must be while the link holds."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class NewLink:
    """What stands in the mail, this once, and until when it holds."""

    token: str
    expires_at: datetime

    def values(self, page: str) -> dict[str, str]:
        """Return what a mail says of it.

        The token stands behind `#`: browsers do not send that part, so no server or proxy logs it.
        """
        until = f"{self.expires_at:%Y-%m-%d %H:%M} UTC"
        return {"link": f"{page}#{self.token}", "code": self.token, "until": until}


async def new_link(connection: Connection, user: Any, purpose: str) -> NewLink:
    """Write a link of a person instead of all earlier ones of its purpose."""
    whose = user["tenant_id"], user["id"]
    await withdraw(connection, *whose, purpose)
    token = secrets.token_urlsafe(_BYTES)
    expires_at = await connection.fetchval(
        _NEW, user["tenant_id"], uuid7(), user["msp_id"], user["id"], purpose,
        _hashed(token), HOLDS[purpose],
    )  # fmt: skip
    return NewLink(token, expires_at)


async def withdraw(connection: Connection, tenant_id: UUID, user_id: UUID, purpose: str) -> int:
    """Make a person's links of one purpose worthless; return how many still held."""
    done = await connection.execute(_WITHDRAW, tenant_id, user_id, purpose)
    return int(done.split()[-1])


async def made_lately(connection: Connection, user: Any, purpose: str, within: timedelta) -> int:
    """Return how many links were made for a person within that time, used or not."""
    found: int = await connection.fetchval(_LATELY, user["tenant_id"], user["id"], purpose, within)
    return found


async def owner_of(database: Database, token: str, purpose: str) -> Any:
    """Return the row of `users` a link is for. Raise InvalidInput, worded alike for any other."""
    if not _TOKEN.fullmatch(token):
        raise worthless()
    async with database.scoped(Scope.sign_in()) as connection:
        user = await connection.fetchrow(_OWNER, _hashed(token), purpose, STATUS[purpose])
    if user is None:
        raise worthless()
    return user


async def use(connection: Connection, token: str, purpose: str) -> None:
    """Use a link up. Raise InvalidInput when somebody was faster, or it has run out."""
    if await connection.fetchval(_USE, _hashed(token), purpose) is None:
        raise worthless()


def worthless() -> InvalidInput:
    """Return the error for a link that does not hold, whatever the reason."""
    return InvalidInput(
        "This link does not hold, or no longer: it was used, replaced by a newer one, withdrawn, "
        "or it has run out. Open the newest mail, or ask for another one.",
        code="link-worthless",
    )


def _hashed(token: str) -> bytes:
    """Return what is stored: 256 random bits cannot be found by trying, so SHA-256 is enough."""
    return hashlib.sha256(token.encode()).digest()


_NEW: Final = """
INSERT INTO one_use_links (tenant_id, id, msp_id, user_id, purpose, token_hash, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval) RETURNING expires_at
"""
_WITHDRAW: Final = """
UPDATE one_use_links SET revoked_at = now()
WHERE tenant_id = $1 AND user_id = $2 AND purpose = $3 AND used_at IS NULL AND revoked_at IS NULL
  AND expires_at > now()
"""
_LATELY: Final = """
SELECT count(*) FROM one_use_links
WHERE tenant_id = $1 AND user_id = $2 AND purpose = $3 AND created_at > now() - $4::interval
"""
_OWNER: Final = """
SELECT u.* FROM one_use_links l JOIN users u ON u.tenant_id = l.tenant_id AND u.id = l.user_id
WHERE l.token_hash = $1 AND l.purpose = $2 AND l.used_at IS NULL AND l.revoked_at IS NULL
  AND l.expires_at > now() AND u.status = $3
  AND NOT EXISTS (SELECT FROM clients c WHERE c.tenant_id = u.client_id
                  AND c.status IN ('archived', 'offboarded'))
"""
_USE: Final = """
UPDATE one_use_links SET used_at = now()
WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND revoked_at IS NULL
  AND expires_at > now()
RETURNING id
"""
