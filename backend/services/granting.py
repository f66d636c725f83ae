"""Who may give whom which role: nobody above themselves, nobody to themselves."""

from collections.abc import Mapping
from typing import Final

from backend.core.errors import Forbidden, InvalidInput
from backend.core.permissions import Role
from backend.core.principal import Principal

RANK: Final[Mapping[Role, int]] = {
    Role.END_USER: 0,
    Role.AUDITOR: 1,
    Role.CLIENT_ADMIN: 2,
    Role.MSP_TECHNICIAN: 3,
    Role.MSP_ADMIN: 4,
    Role.SUPER_ADMIN: 5,
}
OF_CLIENT: Final = frozenset({Role.CLIENT_ADMIN, Role.AUDITOR, Role.END_USER})
OF_MSP: Final = frozenset({Role.MSP_ADMIN, Role.MSP_TECHNICIAN, Role.AUDITOR})
LAST_OF: Final = frozenset({Role.CLIENT_ADMIN, Role.MSP_ADMIN})
"""Roles somebody must keep holding, or nobody could administer the tenant."""


def refuse_role(principal: Principal, role: Role, *, is_of_client: bool) -> None:
    """Raise Forbidden for a role above the granter, InvalidInput for one that does not fit."""
    if role not in (OF_CLIENT if is_of_client else OF_MSP):
        fitting = sorted(OF_CLIENT if is_of_client else OF_MSP)
        raise InvalidInput(
            f"The role {role} does not exist there. Choose one of {', '.join(fitting)}.",
            code="role-unfit",
        )
    if not principal.may("role:grant") or RANK[role] > RANK[principal.role]:
        raise Forbidden(
            f"Your role ({principal.role.replace('_', ' ')}) may not give the role "
            f"{role.replace('_', ' ')}. Ask somebody who holds it.",
            code="role-above",
        )


def gives_rights(role: Role, former: Role = Role.END_USER) -> bool:
    """Return whether somebody may more with a role than before; who gives it steps up."""
    return RANK[role] > RANK[former]


def refuse_outranked(principal: Principal, role: Role) -> None:
    """Raise Forbidden when somebody changes a person above themselves."""
    if RANK[role] > RANK[principal.role]:
        raise Forbidden(
            f"Your role ({principal.role.replace('_', ' ')}) may not change a person who is "
            f"{role.replace('_', ' ')}. Ask somebody who holds that role.",
            code="role-above",
        )
