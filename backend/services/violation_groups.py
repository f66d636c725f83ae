"""One client's violations of a period, those alike counted together, from the rows themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from backend.core.database import Connection
from backend.services.control_mapping import Recorded, control_mapping
from backend.services.frameworks import Control


@dataclass(frozen=True, slots=True)
class ViolationGroup:
    """Violations alike; an accepted false positive has that as its disposition."""

    day: date
    kinds: tuple[str, ...]
    is_service_known: bool
    action: str
    severity: str
    disposition: str
    standing: str
    count: int
    confidence_ppm: int

    def controls(self, frameworks: Iterable[str]) -> tuple[Control, ...]:
        """Return the controls these violations touch."""
        recorded = Recorded(self.kinds, self.is_service_known, self.disposition, self.day)
        return control_mapping().controls(recorded, frameworks)


async def violation_groups(
    connection: Connection, client_id: object, since: date, until: date
) -> tuple[ViolationGroup, ...]:
    """Return the groups of the days from `since` to `until`, both included, in UTC."""
    rows = await connection.fetch(_GROUPS, client_id, since, until)
    return tuple(ViolationGroup(**{**row, "kinds": tuple(row["kinds"])}) for row in rows)


_GROUPS: Final = """
SELECT (recorded_at AT TIME ZONE 'UTC')::date AS day,
    ARRAY(SELECT jsonb_object_keys(kinds) ORDER BY 1) AS kinds,
    ai_service_id IS NOT NULL AS is_service_known, action, severity,
    CASE WHEN status = 'false_positive' THEN status ELSE disposition END AS disposition, standing,
    count(*) AS count, sum(confidence_ppm)::bigint AS confidence_ppm
FROM client_policy_violations
WHERE tenant_id = $1 AND recorded_at >= $2::date::timestamp AT TIME ZONE 'UTC'
    AND recorded_at < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'
GROUP BY 1, 2, 3, 4, 5, 6, 7
ORDER BY 1, 2, 3, 4, 5, 6, 7
"""
