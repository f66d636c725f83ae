"""Settings rise on the day their policy names, unless people have proved them wrong too often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import QuillgateError
from backend.core.scope import Scope
from backend.policy.backtest import found_by
from backend.policy.ladder import Climb, due
from backend.policy.policy import Policy
from backend.policy.taxonomy import Kind
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.policy_announcements import Announcement, PolicyAnnouncements
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import Change, PolicyPublishing

LOOK_BACK: Final = timedelta(days=90)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose policy, and in which version."""

    client_id: UUID
    msp_id: UUID
    policy_id: UUID
    version: int


class PolicyPromotions:
    """Publishes due steps in each client's own layer: how often a rule is wrong is their own."""

    def __init__(
        self,
        database: Database,
        publishing: PolicyPublishing,
        announcements: PolicyAnnouncements,
        lookup: PolicyLookup,
        clock: Clock,
    ) -> None:
        self._database = database
        self._publishing = publishing
        self._announcements = announcements
        self._lookup = lookup
        self._kinds: Mapping[str, Kind] = {kind[0]: kind for kind in lookup.taxonomy.kinds}
        self._clock = clock

    async def raise_due(self) -> int:
        """Publish every step whose day has come; return how many policies rose.

        Several processes may run it: the version in force is locked, and the second finds nothing
        to do. One policy that cannot rise holds no other up.
        """
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch("SELECT * FROM qg_with_ladders()")
        raised = 0
        for row in rows:
            place = _Place(row["tenant_id"], row["msp_id"], row["policy_id"], row["version"])
            try:
                raised += await self._raise(place)
            except QuillgateError as error:
                _log.warning("policy.step_not_taken", code=error.stable_code)
        return raised

    async def _raise(self, place: _Place) -> bool:
        scope = Scope.tenant(place.client_id, place.msp_id)
        held = await self._lookup.effective(scope, place.client_id)
        climbs = due(held.policy, self._clock.now().date())
        if not climbs or held.version != place.version:
            return False
        async with self._database.scoped(scope) as connection:
            shares = await self._shares(connection, place.client_id, held.policy)
            taken = [one for one in climbs if shares.get(one.field, 0.0) <= _most(one)]
            await self._note_held(connection, place, held.policy, set(climbs) - set(taken), shares)
            made = await self._publish(connection, place, taken) if taken else None
        if made is not None:
            await self._announcements.tell(made)
        return made is not None

    async def _publish(
        self, connection: Connection, place: _Place, taken: list[Climb]
    ) -> Announcement:
        patch: dict[str, dict[str, object]] = {}
        for one in taken:
            for group, settings in one.patch().items():
                patch.setdefault(group, {}).update(settings)
        steps = ", ".join(f"{one.field} from {one.held} to {one.step.to.value}" for one in taken)
        change = Change(
            place.version, f"Raised on the day it was planned for: {steps}"[:500], patch
        )
        return await self._publishing.write(connection, None, place.policy_id, change)

    async def _shares(
        self, connection: Connection, client_id: UUID, policy: Policy
    ) -> Mapping[str, float]:
        """Return the share of decided violations that were false alarms, by setting."""
        rows = await connection.fetch(_DECIDED, client_id, self._clock.now() - LOOK_BACK)
        decided: dict[str, list[int]] = {}
        for row in rows:
            if row["rule_id"] not in self._kinds:
                continue
            (finding,) = found_by([row["rule_id"]], self._kinds)
            field, _ = policy.setting_for(finding)
            counts = decided.setdefault(field, [0, 0])
            counts[0] += row["false_alarms"]
            counts[1] += row["decided"]
        return {field: false / total for field, (false, total) in decided.items()}

    async def _note_held(
        self,
        connection: Connection,
        place: _Place,
        policy: Policy,
        waiting: set[Climb],
        shares: Mapping[str, float],
    ) -> None:
        """Write once a version into the trail that a step waits, and why."""
        for one in sorted(waiting, key=lambda climb: climb.field):
            reason = (
                f"{one.field} stays at {one.held}: {shares[one.field]:.0%} of its decided "
                f"violations were false alarms, more than the {_most(one):.0%} its step allows."
            )
            known = await connection.fetchval(_NOTED, str(place.policy_id), reason)
            if not known:
                await AdminTrail.record(
                    connection, None, "policy.hold", Subject("policy", place.policy_id), reason,
                    version=policy.version,
                )  # fmt: skip


def _most(climb: Climb) -> float:
    return climb.step.most_false_positives


_DECIDED: Final = """
SELECT d.rule_id, count(DISTINCT v.id)::int AS decided,
    count(DISTINCT v.id) FILTER (WHERE v.status = 'false_positive')::int AS false_alarms
FROM client_policy_violations v
JOIN pattern_detections d ON d.tenant_id = v.tenant_id AND d.violation_id = v.id
WHERE v.tenant_id = $1 AND v.recorded_at >= $2 AND v.status IN ('resolved', 'false_positive')
GROUP BY d.rule_id
"""
_NOTED: Final = """
SELECT true FROM admin_events
WHERE action = 'policy.hold' AND subject_id = $1 AND reason = $2 LIMIT 1
"""
