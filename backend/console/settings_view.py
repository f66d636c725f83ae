"""What a client's settings page shows beside the settings: seats, lockbox, technicians."""

from dataclasses import dataclass
from uuid import UUID

from backend.console.room import services
from backend.console.shapes import Choice
from backend.console.times import Moment, moment_or_none
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.services.lockboxes import Lockbox

MOST_STAFF = 200


@dataclass(frozen=True, slots=True)
class SettingsView:
    """Plain values; seats are None for who may not see them."""

    active_seats: int | None
    lockbox_words: str
    lockbox_look: str
    lockbox_until: Moment | None
    lockbox_reason: str
    technicians: tuple[Choice, ...]


async def settings_view(caller: Principal, client_id: UUID) -> SettingsView:
    """Gather what the page shows."""
    box = await services().lockboxes.of_client(caller, client_id)
    words, look, until = _lockbox(box)
    return SettingsView(
        await _active_seats(caller, client_id), words, look, until, box.reason,
        await _technicians(caller, client_id),
    )  # fmt: skip


def _lockbox(box: Lockbox) -> tuple[str, str, Moment | None]:
    if not box.is_closed:
        return "open", "allow", None
    if box.open_until is not None and box.open_until > services().clock.now():
        return "open for a time", "flag", moment_or_none(box.open_until)
    return "closed", "warn", None


async def _active_seats(caller: Principal, client_id: UUID) -> int | None:
    if not caller.may("msp:read", Reach.MSP):
        return None
    rows = await services().seats.of_month(caller, None)
    return next((row.active for row in rows if row.client_id == client_id), 0)


async def _technicians(caller: Principal, client_id: UUID) -> tuple[Choice, ...]:
    if not caller.may("assignment:write", Reach.MSP):
        return ()
    assigned = {one.user_id for one in await services().assignments.of_client(caller, client_id)}
    staff = await services().users.staff(caller, None, None, MOST_STAFF)
    return tuple(
        Choice(str(one.id), one.display_name, is_chosen=one.id in assigned)
        for one in staff
        if one.role == "msp_technician" and one.status == "active"
    )
