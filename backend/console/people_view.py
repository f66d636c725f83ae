"""People as pages show them: roles and states in words, and what may be done with whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.console.shapes import Choice
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.services.granting import OF_CLIENT, OF_MSP, RANK
from backend.services.users import UserCard

ROLE_WORDS: Final = {
    Role.SUPER_ADMIN: "Platform operator",
    Role.MSP_ADMIN: "MSP administrator",
    Role.MSP_TECHNICIAN: "MSP technician",
    Role.CLIENT_ADMIN: "Client administrator",
    Role.AUDITOR: "Auditor",
    Role.END_USER: "Uses AI sites",
}
_STATES: Final = {
    "active": ("active", "allow"),
    "invited": ("invited", "flag"),
    "suspended": ("suspended", "warn"),
    "disabled": ("disabled", "warn"),
    "archived": ("archived", "block"),
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in a table."""

    id: UUID
    name: str
    email: str
    role: str
    state: str
    look: str


def person_row(card: UserCard) -> PersonRow:
    """Return a person in words."""
    state, look = _STATES.get(card.status, (card.status, "warn"))
    role = ROLE_WORDS.get(Role(card.role), card.role)
    return PersonRow(card.id, card.display_name, card.email, role, state, look)


def person_rows(cards: Sequence[UserCard]) -> tuple[PersonRow, ...]:
    """Return people in words."""
    return tuple(person_row(card) for card in cards)


def role_choices(caller: Principal, *, is_of_client: bool, chosen: str) -> tuple[Choice, ...]:
    """Return the roles the caller may give, the humblest first; the present one always."""
    roles = sorted(OF_CLIENT if is_of_client else OF_MSP, key=lambda role: RANK[role])
    return tuple(
        Choice(role, ROLE_WORDS[role], is_chosen=role == chosen)
        for role in roles
        if RANK[role] <= RANK[caller.role] or role == chosen
    )
