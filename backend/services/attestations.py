"""What a client says about controls that no test can see; each word has evidence and an end."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import InvalidInput, NotFound
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.posture import wanted_controls

LONGEST: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Attestation:
    """One word about one control; `is_current` says whether it counts today."""

    id: UUID
    client_id: UUID
    control: str
    percent: int
    evidence: str
    attested_by: UUID
    expires_on: date
    created_at: datetime
    is_current: bool


class Attestations:
    """Records and lists them; none is ever changed, a newer one counts instead."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(
        self, principal: Principal, client_id: UUID, control: str, percent: int, evidence: str,
        expires_on: date,
    ) -> UUID:  # fmt: skip
        """Write one; return its id.

        Raise NotFound, or InvalidInput for a control that is tested by itself.
        """
        principal.require("framework:write")
        attested = [one.id for one in wanted_controls() if one.test is None]
        if control not in attested:
            raise InvalidInput(
                f"Nobody attests that control; there are {', '.join(attested)}.",
                code="unknown-control",
            )
        today = self._clock.now().date()
        if not today <= expires_on <= today + LONGEST:
            raise InvalidInput(
                "An attestation ends within 400 days from today. Choose another day.",
                code="wrong-expiry",
            )
        made = uuid7()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            if not await connection.fetchval(_IS_THERE, client_id):
                raise NotFound("There is no such client. Check the client id.")
            await connection.execute(
                _RECORD, made, control, percent, evidence, principal.user_id, expires_on
            )
            await AdminTrail.record(
                connection, principal, "attestation.record", Subject("control", control),
                percent=percent, expires_on=str(expires_on),
            )  # fmt: skip
        return made

    async def listed(self, principal: Principal, client_id: UUID) -> tuple[Attestation, ...]:
        """Return those of a client, newest first, at most 500. Raise NotFound."""
        principal.require("report:read")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            if not await connection.fetchval(_IS_THERE, client_id):
                raise NotFound("There is no such client. Check the client id.")
            rows = await connection.fetch(_LIST, client_id, self._clock.now().date())
        return tuple(Attestation(**row) for row in rows)


_IS_THERE: Final = "SELECT EXISTS (SELECT FROM clients WHERE tenant_id = $1)"
_RECORD: Final = """
INSERT INTO attestations
    (tenant_id, id, msp_id, control, percent, evidence, attested_by, expires_on)
VALUES (qg_tenant(), $1, qg_tenant_msp(), $2, $3, $4, $5, $6)
"""
_LIST: Final = """
SELECT id, tenant_id AS client_id, control, percent, evidence, attested_by, expires_on, created_at,
    expires_on >= $2 AND id = first_value(id) OVER (
        PARTITION BY control ORDER BY created_at DESC, id DESC) AS is_current
FROM attestations WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 500
"""
