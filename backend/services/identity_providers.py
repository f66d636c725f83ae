"""Where the people of a client, or an MSP's staff, sign in: set by who administers them."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection, Database
from backend.core.errors import NotFound, RefusedField
from backend.core.outside import Refused, web_address
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.core.sealing import sealed
from backend.core.signing import KeyRing
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering, absent_client, refuse_stale
from backend.services.whose import administered, locked_user

MOST_DOMAINS: Final = 20
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as those may see it who look at settings; its secret is shown to nobody."""

    tenant_id: UUID
    issuer: str
    client_id: str
    domains: tuple[str, ...]
    trusts_mfa: bool
    is_enabled: bool
    version: int


@dataclass(frozen=True, slots=True)
class WantedProvider:
    """What to set; without a secret the present one stays."""

    issuer: str
    client_id: str
    secret: str | None
    domains: tuple[str, ...]
    trusts_mfa: bool
    is_enabled: bool
    base_version: int


def owner_of_secret(tenant_id: UUID) -> str:
    """Return what a provider's secret is bound to."""
    return f"identity-provider:{tenant_id}"


class IdentityProviders:
    """Reads and sets providers, and unties people from them."""

    def __init__(self, database: Database, keys: KeyRing, *, allows_http: bool) -> None:
        self._database = database
        self._key = keys.sealing_key
        self._allows_http = allows_http
        self._administering = Administering(database)

    async def of(self, principal: Principal, client_id: UUID | None) -> Provider:
        """Return the provider of a client, or without one of the caller's MSP. Raise NotFound."""
        client_id = client_id or principal.client_id
        if client_id is None:
            principal.require("msp:read")
            scope, tenant_id = principal.own_scope(), principal.msp_id
        else:
            principal.require("client:read")
            scope, tenant_id = principal.scope_for(client_id), client_id
        async with self._database.scoped(scope) as connection:
            row = await connection.fetchrow(_ONE, tenant_id)
        if row is None:
            raise _absent()
        return _provider(row)

    async def set(
        self, principal: Principal, client_id: UUID | None, wanted: WantedProvider
    ) -> Provider:
        """Set a provider on top of `base_version`, 0 for the first.

        Who says where people sign in can become any of them, so only a person does who may give
        every role. Raise RefusedField, PreconditionFailed, NotFound, Forbidden.
        """
        principal.require("role:grant")
        scope = await self._scope(principal, client_id)
        self._refuse(wanted)
        async with self._database.scoped(scope) as connection:
            await _require_owner(connection, scope)
            before = await connection.fetchrow(f"{_ONE} FOR UPDATE", scope.tenant_id)
            refuse_stale(wanted.base_version, before["version"] if before else 0, "provider")
            await self._write(connection, scope, before, wanted)
            await AdminTrail.record(
                connection, principal, "identity_provider.set", Subject("tenant", scope.tenant_id),
                issuer=wanted.issuer, domains=list(wanted.domains), trusts_mfa=wanted.trusts_mfa,
                is_enabled=wanted.is_enabled,
            )  # fmt: skip
            row = await connection.fetchrow(_ONE, scope.tenant_id)
        assert row is not None  # noqa: S101 -- written above, in this transaction
        return _provider(row)

    async def _write(
        self, connection: Connection, scope: Scope, before: Record | None, wanted: WantedProvider
    ) -> None:
        """Write the row. A secret is never sent anywhere but where it was entered for."""
        is_other = before is None or (before["issuer"], before["client_id"]) != (
            wanted.issuer, wanted.client_id,
        )  # fmt: skip
        if is_other and not wanted.secret:
            raise _refused("secret", "is needed with a new issuer or client id")
        given = (
            scope.tenant_id, wanted.issuer, wanted.client_id, list(wanted.domains),
            wanted.trusts_mfa, wanted.is_enabled,
        )  # fmt: skip
        secret = sealed(self._key, wanted.secret or "", owner_of_secret(scope.tenant_id))
        if before is None:
            await connection.execute(_MAKE, *given, secret, scope.msp_id)
            return
        await connection.execute(_CHANGE, *given)
        if wanted.secret:
            await connection.execute(_SEAL, scope.tenant_id, secret)
        if before["issuer"] != wanted.issuer:  # who somebody was there says nothing here
            await connection.execute(_FORGET_ALL, scope.tenant_id)

    async def remove(self, principal: Principal, client_id: UUID | None) -> None:
        """Forget a provider and its secret; people sign in with their passwords. Raise NotFound."""
        scope = await self._scope(principal, client_id)
        async with self._database.scoped(scope) as connection:
            gone = await connection.execute(
                "DELETE FROM identity_providers WHERE tenant_id = $1", scope.tenant_id
            )
            if gone.endswith(" 0"):
                raise _absent()
            await AdminTrail.record(
                connection, principal, "identity_provider.remove",
                Subject("tenant", scope.tenant_id),
            )  # fmt: skip

    async def untie(self, principal: Principal, user_id: UUID) -> None:
        """Forget who somebody is at the provider: their next sign-in there ties them anew."""
        principal.require("user:write")
        scope = await administered(self._database, self._administering, principal, user_id)
        async with self._database.scoped(scope) as connection:
            await locked_user(connection, user_id)
            gone = await connection.execute("DELETE FROM identities WHERE user_id = $1", user_id)
            if gone.endswith(" 0"):
                raise NotFound("This person is tied to no account at a provider.")
            await AdminTrail.record(connection, principal, "user.untie", Subject("user", user_id))

    async def _scope(self, principal: Principal, client_id: UUID | None) -> Scope:
        client_id = client_id or principal.client_id
        if client_id is None:
            principal.require("msp:write")
            return await self._administering.of_msp(principal, principal.msp_id)
        principal.require("client:write")
        return await self._administering.of_client(principal, client_id)

    def _refuse(self, wanted: WantedProvider) -> None:
        try:
            parts = web_address(wanted.issuer)
        except Refused:
            raise _refused("issuer", "takes an address such as https://login.example.org") from None
        if parts.query or (parts.scheme != "https" and not self._allows_http):
            raise _refused("issuer", "takes an https address without a question mark")
        if not 0 < len(wanted.domains) <= MOST_DOMAINS or not all(
            _DOMAIN.fullmatch(domain) for domain in wanted.domains
        ):
            raise _refused("domains", f"takes 1 to {MOST_DOMAINS} domains such as example.org")
        if not wanted.client_id.isprintable() or not wanted.client_id.strip():
            raise _refused("client_id", "takes the id your provider has given you")


def _refused(field: str, why: str) -> RefusedField:
    return RefusedField(f"Nothing was changed: {field} {why}.", field, why)


async def _require_owner(connection: Connection, scope: Scope) -> None:
    """Raise NotFound for a client that is none of the scope's; MSPs are checked before."""
    if scope.tenant_id != scope.msp_id and not await connection.fetchval(
        "SELECT true FROM clients WHERE tenant_id = $1", scope.tenant_id
    ):
        raise absent_client()


def _provider(row: Record) -> Provider:
    return Provider(**{**dict(row), "domains": tuple(row["domains"])})


def _absent() -> NotFound:
    return NotFound("No provider is set here, so people sign in with their passwords.")


_ONE: Final = """
SELECT tenant_id, issuer, client_id, domains, trusts_mfa, is_enabled, version
FROM identity_providers WHERE tenant_id = $1"""
_MAKE: Final = """
INSERT INTO identity_providers
    (tenant_id, issuer, client_id, domains, trusts_mfa, is_enabled, sealed_secret, msp_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_CHANGE: Final = """
UPDATE identity_providers SET issuer = $2, client_id = $3, domains = $4, trusts_mfa = $5,
    is_enabled = $6, version = version + 1
WHERE tenant_id = $1
"""
_SEAL: Final = "UPDATE identity_providers SET sealed_secret = $2 WHERE tenant_id = $1"
_FORGET_ALL: Final = "DELETE FROM identities WHERE tenant_id = $1"
