"""People who can sign in, written as the owner, on top of the world the policy tests live in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asyncpg import Connection

from backend.core.sealing import sealed
from backend.core.signing import KeyRing
from tests.hashes import quick_hash
from tests.integration.policy.worlds import Client, Msp

PASSWORD = "a-long-enough-password"
HASHED = quick_hash(PASSWORD)
TOTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the secret of RFC 6238, appendix B


@dataclass(frozen=True)
class Person:
    """Somebody with a password."""

    id: UUID
    email: str


class People:
    """Gives the people of the world what they need to sign in."""

    def __init__(self, owner: "Connection[Any]", keys: KeyRing) -> None:
        self.owner = owner
        self.keys = keys

    async def admin_of(self, place: Client | Msp, totp_secret: str | None = None) -> Person:
        """Give the administrator of a client or an MSP a password."""
        email = await self.owner.fetchval(
            "UPDATE users SET password_hash = $2, totp_secret = $3 WHERE id = $1 RETURNING email",
            place.admin_id, HASHED,
            totp_secret and sealed(self.keys.sealing_key, totp_secret, str(place.admin_id)),
        )  # fmt: skip
        return Person(place.admin_id, email)

    async def disable(self, person: Person) -> None:
        await self.owner.execute("UPDATE users SET status = 'disabled' WHERE id = $1", person.id)

    async def suspend(self, place: Client | Msp, status: str = "suspended") -> None:
        table, key = ("clients", "tenant_id") if isinstance(place, Client) else ("msps", "msp_id")
        await self.owner.execute(
            f"UPDATE {table} SET status = $2 WHERE {key} = $1", place.id, status
        )

    async def session(self, session_id: UUID) -> Any:
        """Return the row of a session."""
        return await self.owner.fetchrow("SELECT * FROM sessions WHERE id = $1", session_id)

    async def revoke_device(self, device_id: UUID) -> None:
        await self.owner.execute("UPDATE devices SET revoked_at = now() WHERE id = $1", device_id)
