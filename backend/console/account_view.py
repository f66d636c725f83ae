"""Sign-ins as the account page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.console.times import Moment, moment
from backend.services.own_sessions import SignIn


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One sign-in that still holds."""

    id: UUID
    agent: str
    started: Moment
    last_used: Moment
    is_current: bool


def sign_in_rows(found: Sequence[SignIn]) -> tuple[SignInRow, ...]:
    """Return them with the present one first."""
    rows = [
        SignInRow(
            one.id, one.agent or "an unknown program", moment(one.started_at),
            moment(one.last_used_at), one.is_current,
        )
        for one in found
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: not row.is_current))
