"""Invites, changes, suspends and archives people; whatever they had open ends with it."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection, Database
from backend.core.errors import Conflict, Forbidden, InvalidInput
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach, Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering, absent_client
from backend.services.fresh_factors import FreshFactors
from backend.services.granting import LAST_OF, gives_rights, refuse_outranked, refuse_role
from backend.services.memberships import Memberships
from backend.services.policy_renewal import PolicyRenewal
from backend.services.users import UserCard
from backend.services.whose import absent_user, administered, locked_user
from backend.services.wording import said_email, said_name, said_reason

_STEPS: Final = {
    "suspend": (frozenset({"active", "invited"}), "suspended"),
    "reactivate": (frozenset({"suspended", "disabled", "archived"}), "active"),
    "archive": (frozenset({"active", "invited", "suspended", "disabled"}), "archived"),
}


class Inviter(Protocol):
    """Whoever mails somebody a one-use link with which they choose how to sign in."""

    async def invite(self, connection: Connection, user: Record) -> None:
        """Write the invitation of a row of `users`, in the transaction that wrote the person."""
        ...


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to be invited: of a client, or, without one, of an MSP's staff."""

    email: str
    display_name: str
    role: Role
    client_id: UUID | None = None
    msp_id: UUID | None = None
    groups: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class UserChange:
    """What to change; None leaves it."""

    display_name: str | None = None
    role: Role | None = None
    groups: tuple[UUID, ...] | None = None


class UserAdministration:
    """Changes people."""

    def __init__(
        self,
        database: Database,
        publisher: Publisher,
        renewal: PolicyRenewal,
        inviter: Inviter,
        fresh_factors: FreshFactors,
    ) -> None:
        self._database = database
        self._publisher = publisher
        self._renewal = renewal
        self._inviter = inviter
        self._fresh_factors = fresh_factors
        self._administering = Administering(database)

    async def invite(self, principal: Principal, wanted: NewUser) -> UserCard:
        """Write somebody as invited, and the invitation with them.

        Raise NotFound, Forbidden for a role above the granter, Conflict for a known address,
        StepUpRequired for whoever shall administer or look into things.
        """
        principal.require("user:write")
        refuse_role(principal, wanted.role, is_of_client=wanted.client_id is not None)
        if gives_rights(wanted.role):
            self._fresh_factors.require(principal)
        scope = await self._scope_of(principal, wanted.client_id, wanted.msp_id)
        async with self._database.scoped(scope) as connection:
            if wanted.client_id is not None:
                await _require_client(connection, wanted.client_id)
            return await write_invited(connection, principal, wanted, scope, self._inviter)

    async def update(self, principal: Principal, user_id: UUID, change: UserChange) -> UserCard:
        """Change somebody's name, role or groups; a new role ends what they have open.

        Raise StepUpRequired for a role with which they may more than before.
        """
        principal.require("user:write", Reach.SELF)
        if change == UserChange():
            raise InvalidInput("Nothing was changed: name at least one field to change.")
        if not principal.may("user:write"):
            _refuse_more_than_oneself(principal, user_id, change)
        name = None if change.display_name is None else said_name(change.display_name)
        scope = await administered(self._database, self._administering, principal, user_id)
        moved: set[UUID] = set()
        async with self._database.scoped(scope) as connection:
            before = await locked_user(connection, user_id)
            former = Role(before["role"])
            refuse_outranked(principal, former)
            role = change.role or former
            if role is not former:
                await _refuse_new_role(connection, principal, before, role)
                if gives_rights(role, former):
                    self._fresh_factors.require(principal)
            await connection.execute(
                _UPDATE, user_id, name or before["display_name"], str(role), role is not former
            )
            if change.groups is not None:
                moved = await Memberships.set(connection, before, change.groups)
            await AdminTrail.record(
                connection, principal, "user.update", Subject("user", user_id),
                before={"display_name": before["display_name"], "role": str(former)},
                after={"display_name": name or before["display_name"], "role": str(role)},
                groups=[str(group) for group in change.groups or ()],
            )  # fmt: skip
            card = _card(await locked_user(connection, user_id))
        if role is not former:
            await self._publisher.revoked(scope.tenant_id, scope.msp_id, user_id)
        if moved:
            await self._renewal.because_of(principal, scope.tenant_id, moved)
        return card

    async def step(self, principal: Principal, user_id: UUID, step: str, reason: str) -> UserCard:
        """Suspend, reactivate or archive somebody. Raise NotFound, Forbidden or Conflict."""
        principal.require("user:write")
        words, (allowed, target) = said_reason(reason), _STEPS[step]
        if user_id == principal.user_id:
            raise Forbidden(
                "Nobody suspends, archives or reactivates themselves. Ask another administrator.",
                code="oneself",
            )
        scope = await administered(self._database, self._administering, principal, user_id)
        async with self._database.scoped(scope) as connection:
            before = await locked_user(connection, user_id)
            refuse_outranked(principal, Role(before["role"]))
            if before["status"] not in allowed:
                raise Conflict(
                    f"This person is {before['status']}, so they cannot be made {target}.",
                    code="user-state",
                )
            if target != "active":
                await _refuse_last(connection, before)
            await connection.execute(_STATUS, user_id, target)
            if target != "active":
                await connection.execute(_END_SESSIONS, user_id, target)
            await AdminTrail.record(
                connection, principal, f"user.{step}", Subject("user", user_id), words,
                before=before["status"],
            )  # fmt: skip
            card = _card(await locked_user(connection, user_id))
        if target != "active":
            await self._publisher.revoked(scope.tenant_id, scope.msp_id, user_id)
        return card

    async def _scope_of(
        self, principal: Principal, client_id: UUID | None, msp_id: UUID | None
    ) -> Scope:
        """Return the scope of a client's people, or without one of the staff of an MSP."""
        client_id = client_id or principal.client_id
        if client_id is not None:
            return await self._administering.of_client(principal, client_id)
        return await self._administering.of_msp(principal, msp_id or principal.msp_id)


async def write_invited(
    connection: Connection, principal: Principal, wanted: NewUser, scope: Scope, inviter: Inviter
) -> UserCard:
    """Write one person as invited, inside the scope of their tenant. Raise Conflict."""
    email, name = said_email(wanted.email), said_name(wanted.display_name, "display_name")
    user_id = uuid7()
    made = await connection.fetchval(
        _INVITE, scope.tenant_id, user_id, scope.msp_id,
        None if scope.tenant_id == scope.msp_id else scope.tenant_id, email, name,
        str(wanted.role),
    )  # fmt: skip
    if made is None:
        raise Conflict(
            "Somebody with this e-mail address is there already. Change that person instead.",
            code="user-exists",
        )
    row = await locked_user(connection, user_id)
    if wanted.groups:
        await Memberships.set(connection, row, wanted.groups)
    await AdminTrail.record(
        connection, principal, "user.invite", Subject("user", user_id), role=str(wanted.role)
    )
    await inviter.invite(connection, row)
    return _card(row)


def _refuse_more_than_oneself(principal: Principal, user_id: UUID, change: UserChange) -> None:
    if user_id != principal.user_id:
        raise absent_user()
    if change.role is not None or change.groups is not None:
        raise Forbidden(
            "You may change your own name; your role and groups are your administrator's to set.",
            code="own-role",
        )


async def _refuse_new_role(
    connection: Connection, principal: Principal, before: Record, role: Role
) -> None:
    if before["id"] == principal.user_id:
        raise Forbidden(
            "Nobody changes their own role. Ask another administrator.", code="own-role"
        )
    refuse_role(principal, role, is_of_client=before["client_id"] is not None)
    await _refuse_last(connection, before)


async def _refuse_last(connection: Connection, before: Record) -> None:
    """Keep one active administrator in every tenant. Its other ones are locked while we look."""
    if Role(before["role"]) not in LAST_OF or before["status"] != "active":
        return
    others = await connection.fetch(_OTHERS, before["id"], before["role"])
    if not others:
        raise Conflict(
            "This is the last active administrator, without whom nobody could administer this "
            "organisation. Make somebody else administrator first.",
            code="last-admin",
        )


async def _require_client(connection: Connection, client_id: UUID) -> None:
    if not await connection.fetchval("SELECT true FROM clients WHERE tenant_id = $1", client_id):
        raise absent_client()


def _card(row: Record) -> UserCard:
    return UserCard(row["id"], row["email"], row["display_name"], row["role"], row["status"])


_OTHERS: Final = """
SELECT id FROM users WHERE role = $2 AND status = 'active' AND id <> $1 ORDER BY id FOR UPDATE
"""
_INVITE: Final = """
INSERT INTO users (tenant_id, id, msp_id, client_id, email, display_name, role, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'invited')
ON CONFLICT (tenant_id, email) DO NOTHING RETURNING id
"""
_UPDATE: Final = """
UPDATE users SET display_name = $2, role = $3,
    permission_epoch = permission_epoch + CASE WHEN $4 THEN 1 ELSE 0 END
WHERE id = $1
"""
_STATUS: Final = """
UPDATE users SET status = $2, permission_epoch = permission_epoch + 1 WHERE id = $1
"""
_END_SESSIONS: Final = """
UPDATE sessions SET revoked_at = now(), revoked_reason = $2
WHERE user_id = $1 AND revoked_at IS NULL
"""
