"""Which browser of a client obeys which policy version, and which has fallen silent."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import Forbidden, InvalidInput, NotFound
from backend.core.principal import Principal
from backend.services.event_numbers import EventNumbers

SILENT_AFTER: Final = timedelta(minutes=10)
TOUCH_SECONDS: Final = 60.0
MOST_TOUCHES: Final = 100_000
LARGEST_VERSION: Final = 2**31 - 1
LONGEST_RULEBOOK_VERSION: Final = 64
_BUILD: Final = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5}){0,3}(?:\+[0-9a-f]{16})?")


class BrowserState(StrEnum):
    """What is known about one enrolled browser."""

    CURRENT = "current"
    BEHIND = "behind"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Browser:
    """One enrolled browser and what it last said about itself."""

    id: UUID
    name: str
    browser: str
    person: str
    extension_version: str
    policy_version: int | None
    rulebook_version: str | None
    acknowledged_at: datetime | None
    last_seen_at: datetime
    degraded: tuple[str, ...]
    """The site adapters that no longer fit their site there."""
    missing_events: int
    """How many events it numbered that never came here."""
    restarts: int
    """How often it began to count anew."""
    state: BrowserState


@dataclass(frozen=True, slots=True)
class FleetView:
    """The enrolled browsers of one client, beside the version they should be on."""

    client_id: UUID
    policy_version: int
    browsers: tuple[Browser, ...]

    def count(self, state: BrowserState) -> int:
        """Return how many browsers are in `state`."""
        return sum(browser.state is state for browser in self.browsers)

    @property
    def degraded(self) -> dict[str, int]:
        """Return how many browsers each site adapter no longer fits in, by its id."""
        return dict(sorted(Counter(one for each in self.browsers for one in each.degraded).items()))

    @property
    def missing_events(self) -> int:
        """Return how many events never came, of all browsers together."""
        return sum(browser.missing_events for browser in self.browsers)

    @property
    def summary(self) -> str:
        """Say it like `47 of 50`."""
        return f"{self.count(BrowserState.CURRENT)} of {len(self.browsers)}"


@dataclass(frozen=True, slots=True)
class FleetStanding:
    """How many browsers of a client obey the version in force, without a row for each."""

    client_id: UUID
    policy_version: int
    current: int
    behind: int
    silent: int
    degraded: Mapping[str, int]
    missing_events: int = 0
    lacking: int = 0
    """Browsers of which events are missing."""

    @property
    def total(self) -> int:
        """How many are enrolled."""
        return self.current + self.behind + self.silent


class Fleet:
    """Reads and notes what browsers acknowledge."""

    def __init__(
        self, database: Database, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._clock = clock
        self._monotonic = monotonic
        self._touched: dict[UUID, float] = {}

    async def of_client(self, principal: Principal, client_id: UUID) -> FleetView:
        """Return a client's browsers, those to look after first. Raise NotFound."""
        principal.require("device:read")
        now = self._clock.now()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            version = await connection.fetchval(_VERSION, client_id)
            rows = await connection.fetch(_BROWSERS, client_id, version, now - SILENT_AFTER)
        if version is None:
            raise NotFound("There is no such client. Check the client id.")
        return FleetView(client_id, version, tuple(_browser(row) for row in rows))

    async def standing(self, principal: Principal, client_id: UUID) -> FleetStanding:
        """Return how many of a client's browsers are where. Raise NotFound."""
        principal.require("device:read")
        since = self._clock.now() - SILENT_AFTER
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            row = await connection.fetchrow(_STANDING, client_id, since)
            broken = await connection.fetch(_DEGRADED, client_id)
            numbers = await connection.fetch(_LACKING, client_id)
        if row is None:
            raise NotFound("There is no such client. Check the client id.")
        degraded = {one["name"]: one["browsers"] for one in broken}
        version, current, behind, silent = row
        missing = [EventNumbers.of(json.loads(one["numbers"])).missing for one in numbers]
        return FleetStanding(
            client_id, version, current, behind, silent, degraded, sum(missing), len(missing)
        )

    async def page(
        self, principal: Principal, client_id: UUID, search: str, offset: int, limit: int
    ) -> tuple[Browser, ...]:
        """Return at most `limit` browsers, those to look after first, whose names hold `search`."""
        principal.require("device:read")
        since = self._clock.now() - SILENT_AFTER
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            version = await connection.fetchval(_VERSION, client_id)
            rows = await connection.fetch(
                _PAGE, client_id, version, since, search.casefold(), limit, offset
            )
        return tuple(_browser(row) for row in rows)

    async def record_ack(
        self,
        principal: Principal,
        version: int,
        rulebook_version: str,
        health: Mapping[str, Sequence[str]] | None = None,
        extension_version: str = "",
    ) -> None:
        """Note that a browser now obeys `version`, and what is wrong with which site adapter.

        `extension_version` may name its build behind a plus; one that names nothing is left out.
        Raise InvalidInput for an impossible version.
        """
        if not 0 < version <= LARGEST_VERSION:
            raise InvalidInput("A policy version is a number from 1. Send the version you applied.")
        if len(rulebook_version) > LONGEST_RULEBOOK_VERSION or not rulebook_version.isalnum():
            raise InvalidInput("That is no rulebook version. Send the one of the rulebook in use.")
        build = extension_version if _BUILD.fullmatch(extension_version) else None
        degraded = {name: list(problems) for name, problems in (health or {}).items() if problems}
        await self._note(
            principal, _ACKNOWLEDGED, version, rulebook_version, json.dumps(degraded), build
        )

    async def touch(self, principal: Principal) -> None:
        """Note that a browser is there, at most once a minute; do nothing for a person."""
        device = principal.device_id
        if device is None or self._touched.get(device, 0.0) > self._monotonic():
            return
        if len(self._touched) >= MOST_TOUCHES:
            self._touched.clear()
        self._touched[device] = self._monotonic() + TOUCH_SECONDS
        await self._note(principal, _TOUCHED)

    async def _note(self, principal: Principal, statement: str, *values: object) -> None:
        if principal.device_id is None:
            raise Forbidden("Only an enrolled browser acknowledges a policy. Enrol it first.")
        client_id = principal.own_client()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await connection.execute(
                statement, client_id, principal.device_id, self._clock.now(), *values
            )


def _browser(row: Record) -> Browser:
    known = dict(row)
    numbers = EventNumbers.of(json.loads(known.pop("event_numbers") or "null"))
    known |= {"degraded": tuple(known["degraded"]), "state": BrowserState(known["state"])}
    return Browser(**known, missing_events=numbers.missing, restarts=numbers.restarts)


_VERSION: Final = """SELECT current_version FROM policies WHERE tenant_id = $1
ORDER BY created_at, id LIMIT 1"""
_STATE: Final = """CASE WHEN d.last_seen_at < $3 THEN 'silent'
        WHEN d.policy_version = $2 THEN 'current'
        ELSE 'behind' END"""
_FROM: Final = f"""
SELECT d.id, d.name, d.browser, u.display_name AS person, d.extension_version, d.policy_version,
    d.rulebook_version, d.acknowledged_at, d.last_seen_at, d.event_numbers::text AS event_numbers,
    ARRAY(SELECT jsonb_object_keys(CASE jsonb_typeof(d.adapter_health) WHEN 'object'
        THEN d.adapter_health ELSE '{{}}' END) ORDER BY 1) AS degraded,
    {_STATE} AS state
FROM devices d
JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.user_id
WHERE d.tenant_id = $1 AND d.revoked_at IS NULL"""  # noqa: S608 -- made of constants only
_ORDER: Final = f"""
ORDER BY array_position(ARRAY['behind', 'silent', 'current'], {_STATE}), d.name, d.id"""
_BROWSERS: Final = f"{_FROM}{_ORDER}"
_PAGE: Final = f"""{_FROM}
    AND ($4 = '' OR position($4 IN lower(d.name || ' ' || u.display_name || ' ' || u.email)) > 0)
{_ORDER} LIMIT $5 OFFSET $6"""
_STANDING: Final = """
SELECT p.current_version,
    count(*) FILTER (WHERE d.last_seen_at >= $2 AND d.policy_version = p.current_version),
    count(*) FILTER (WHERE d.last_seen_at >= $2 AND d.policy_version IS DISTINCT FROM
        p.current_version),
    count(*) FILTER (WHERE d.last_seen_at < $2)
FROM (SELECT current_version FROM policies WHERE tenant_id = $1 ORDER BY created_at, id LIMIT 1) p
LEFT JOIN devices d ON d.tenant_id = $1 AND d.revoked_at IS NULL
GROUP BY 1
"""
_DEGRADED: Final = """
SELECT adapter AS name, count(*) AS browsers
FROM devices d CROSS JOIN LATERAL jsonb_object_keys(CASE jsonb_typeof(d.adapter_health)
    WHEN 'object' THEN d.adapter_health ELSE '{}' END) AS adapter
WHERE d.tenant_id = $1 AND d.revoked_at IS NULL GROUP BY 1 ORDER BY 1
"""
_LACKING: Final = """
SELECT event_numbers::text AS numbers FROM devices WHERE tenant_id = $1 AND revoked_at IS NULL
    AND (event_numbers -> 'gaps' <> '[]' OR event_numbers -> 'lost' <> '0')
"""
_ACKNOWLEDGED: Final = """
UPDATE devices SET policy_version = $4, rulebook_version = $5, acknowledged_at = $3,
    last_seen_at = $3, adapter_health = $6::text::jsonb,
    extension_version = coalesce($7, extension_version)
WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL
"""
_TOUCHED: Final = """
UPDATE devices SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL
"""
