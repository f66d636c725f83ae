"""Who is calling. A principal is the first argument of a service, never a global."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from backend.core.errors import Forbidden, NotFound
from backend.core.permissions import PERMISSIONS, Reach, Role, reach_of
from backend.core.scope import Acting, Scope

OF_THE_LIMITED: Final = frozenset({"account:write", "session:read", "session:revoke"})


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person or an enrolled browser."""

    kind: Literal["user", "device"]
    user_id: UUID
    device_id: UUID | None
    msp_id: UUID
    tenant_id: UUID
    client_id: UUID | None
    role: Role
    session_id: UUID
    is_limited: bool = False
    """Without the second factor the role needs: may set one up, and nothing else."""
    stepped_up_at: int | None = None
    """When a second factor was shown last in this sign-in, in epoch seconds."""
    key_thumbprint: str | None = None
    scopes: frozenset[str] | None = None
    """With an API key only these of the role's permissions."""

    @property
    def permissions(self) -> frozenset[str]:
        """Everything the role may do, if only to itself."""
        held = PERMISSIONS[self.role]
        return held if self.scopes is None else held & self.scopes

    def reach(self, permission: str) -> Reach:
        """Return how far `permission` reaches for this principal."""
        if self.is_limited and permission not in OF_THE_LIMITED:
            return Reach.NONE
        if self.scopes is not None and permission not in self.scopes:
            return Reach.NONE
        return reach_of(self.role, permission, is_of_client=self.client_id is not None)

    def may(self, permission: str, least: Reach = Reach.OWN) -> bool:
        """Return whether the role holds `permission` at least as far as `least`.

        A permission over oneself alone does not count unless the caller asks for it: a route that
        shows a whole client must not open because somebody may see their own record.
        """
        return self.reach(permission) >= least

    def require(self, permission: str, least: Reach = Reach.OWN) -> None:
        """Raise Forbidden without `permission` at that reach."""
        if self.is_limited and permission not in OF_THE_LIMITED:
            raise Forbidden(
                "Your role needs a second factor and you have none yet. Set one up at "
                "/api/v1/auth/totp, refresh your sign-in, and go on.",
                code="second-factor-required",
            )
        if not self.may(permission, least):
            raise Forbidden(
                f"Your role ({self.role.replace('_', ' ')}) does not include {permission}"
                f"{_beyond(self.reach(permission))}. Ask an administrator of your organisation."
            )

    def scope(self) -> Scope:
        """Return the widest scope this principal has: its client, or its MSP's clients."""
        if self.client_id is None:
            return self.acting_in(Scope.msp(self.msp_id))
        return self.acting_in(Scope.tenant(self.client_id, self.msp_id))

    def own_scope(self) -> Scope:
        """Return the scope of the tenant the principal itself belongs to; for MSP staff the MSP."""
        return self.acting_in(Scope.tenant(self.tenant_id, self.msp_id))

    def scope_for(self, client_id: UUID) -> Scope:
        """Return the scope of one client. A client of another MSP then simply has no rows."""
        if self.client_id not in {None, client_id}:
            raise NotFound("There is no such client. Check the address or ask your administrator.")
        return self.acting_in(Scope.tenant(client_id, self.msp_id))

    def acting_in(self, scope: Scope) -> Scope:
        """Return a scope in which this principal acts; a browser acts as the system does."""
        if self.kind == "device":
            return scope
        acting = Acting.STAFF if self.client_id is None else Acting.PERSON
        return scope.by(acting, self.user_id)

    def own_client(self) -> UUID:
        """Return the client this principal belongs to; MSP staff belong to none."""
        if self.client_id is None:
            raise Forbidden("This works for people and browsers of one client. Name a client.")
        return self.client_id


def _beyond(reach: Reach) -> str:
    """Say what a narrower reach does include."""
    return {Reach.NONE: "", Reach.SELF: " of others"}.get(reach, " this widely")
