"""Whose rows a transaction may see, as a signed text that PostgreSQL verifies."""

import hmac
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from uuid import UUID

NOBODY = UUID(int=0)
SCOPE_SECONDS = 60


class DatabaseRole(StrEnum):
    """The group roles a transaction may take; each has its own row-level security policies."""

    TENANT = "qg_tenant"
    MSP = "qg_msp"
    INGEST = "qg_ingest"
    SIGN_IN = "qg_sign_in"
    RELAY = "qg_relay"
    ADMIN = "qg_admin"
    PLATFORM = "qg_platform"


class Acting(StrEnum):
    """Who acts in a scope: the database lets people do less than the server itself."""

    SYSTEM = "system"
    PERSON = "person"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Scope:
    """The role, tenant and MSP of one transaction, and who acts in it.

    Staff of an MSP enter a client only where they are assigned and its lockbox is open; nobody but
    the system writes into a suspended tenant. PostgreSQL looks that up, once per statement.
    """

    role: DatabaseRole
    tenant_id: UUID = NOBODY
    msp_id: UUID = NOBODY
    acting: Acting = Acting.SYSTEM
    user_id: UUID = NOBODY

    @classmethod
    def tenant(cls, tenant_id: UUID, msp_id: UUID) -> Self:
        """One tenant's rows; both ids must match, so another MSP's client yields nothing."""
        return cls(DatabaseRole.TENANT, tenant_id, msp_id)

    @classmethod
    def msp(cls, msp_id: UUID) -> Self:
        """See the rows of all clients of one MSP, without writing."""
        return cls(DatabaseRole.MSP, NOBODY, msp_id)

    @classmethod
    def administration(cls, tenant_id: UUID, msp_id: UUID) -> Self:
        """Write what belongs to administering one tenant: its people, groups, state, trail."""
        return cls(DatabaseRole.ADMIN, tenant_id, msp_id)

    @classmethod
    def platform(cls) -> Self:
        """See which MSPs and clients there are, and the staff of MSPs, without writing."""
        return cls(DatabaseRole.PLATFORM)

    @classmethod
    def ingest(cls) -> Self:
        """Nothing but recording audit entries."""
        return cls(DatabaseRole.INGEST)

    @classmethod
    def sign_in(cls) -> Self:
        """See what finding out who somebody is needs."""
        return cls(DatabaseRole.SIGN_IN)

    @classmethod
    def relay(cls) -> Self:
        """Policy versions and the outbox of all tenants, nothing else."""
        return cls(DatabaseRole.RELAY)

    def by(self, acting: Acting, user_id: UUID) -> Self:
        """Return the same scope with somebody acting in it."""
        return replace(self, acting=acting, user_id=user_id)

    def signed(self, key: bytes, now_seconds: float, server_pid: int) -> str:
        """Return `role.tenant.msp.expiry.pid.kind.user|hmac`: HMAC-SHA256 (RFC 2104).

        The expiry is in epoch seconds.

        It holds on one server process only: pg_stat_activity shows the query text, and so the
        scopes, of every other connection of the same login.
        """
        expiry = int(now_seconds) + SCOPE_SECONDS
        who = f"{self.acting}.{self.user_id}"
        text = f"{self.role}.{self.tenant_id}.{self.msp_id}.{expiry}.{server_pid}.{who}"
        return f"{text}|{hmac.digest(key, text.encode(), 'sha256').hex()}"


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and outer padded key (RFC 2104), so that plain SHA-256 in SQL suffices."""
    block = key.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
