"""A client's browsers as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.console.shapes import DASH, counted, percent
from backend.console.times import Moment, moment
from backend.services.fleet import SILENT_AFTER, Browser, BrowserState, FleetStanding
from backend.services.shared_data import ai_services
from backend.services.site_adapters import adapters

_SILENT_MINUTES: Final = int(SILENT_AFTER.total_seconds() // 60)
_LOOKS: Final = {
    BrowserState.CURRENT: ("current", "allow"),
    BrowserState.BEHIND: ("behind", "warn"),
    BrowserState.SILENT: ("silent", "flag"),
}


@dataclass(frozen=True, slots=True)
class BrowserRow:
    """One browser in the fleet's table."""

    id: UUID
    name: str
    browser: str
    person: str
    state: str
    look: str
    policy: str
    rulebook: str
    extension: str
    build: str
    is_foreign: bool
    """Whether what it runs is not what this server hands out now."""
    missing: str
    """That events are missing, or that it counted anew; or nothing."""
    last_seen: Moment


@dataclass(frozen=True, slots=True)
class FleetState:
    """The fleet's figures."""

    policy_version: int
    current: int
    total: int
    percent: int
    summary: str
    others: str
    degraded: str
    missing: str
    is_complete: bool


def fleet_state_of(standing: FleetStanding) -> FleetState:
    """Return a fleet in words."""
    return FleetState(
        policy_version=standing.policy_version,
        current=standing.current,
        total=standing.total,
        percent=percent(standing.current, standing.total),
        summary=_summary(standing),
        others=_others(standing.behind, standing.silent),
        degraded=_degraded(standing.degraded),
        missing=_missing(standing),
        is_complete=0 < standing.current == standing.total,
    )


def browser_rows(browsers: Sequence[Browser], own_build: str) -> tuple[BrowserRow, ...]:
    """Return browsers as rows; `own_build` is what this server hands out."""
    return tuple(_row(browser, own_build) for browser in browsers)


def _summary(standing: FleetStanding) -> str:
    if not standing.total:
        return "No browser is enrolled yet"
    browsers = counted(standing.total, "browser")
    return f"{standing.current:,} of {browsers} on version {standing.policy_version}"


def _others(behind: int, silent: int) -> str:
    """Say what is with the rest, or nothing."""
    parts = []
    if behind:
        parts.append(f"{behind:,} still on an older version")
    if silent:
        parts.append(f"{silent:,} silent for more than {_SILENT_MINUTES} minutes")
    return ", ".join(parts)


def _degraded(counts: Mapping[str, int]) -> str:
    """Say which sites have changed, and in how many browsers that was seen; or nothing."""
    names = {service.id: service.name for service in ai_services()}
    services = {adapter["id"]: names[adapter["service"]] for adapter in adapters()}
    return ", ".join(
        f"{services.get(name, name)} in {counted(count, 'browser')}"
        for name, count in counts.items()
    )


def _missing(standing: FleetStanding) -> str:
    """Say how many events never came from how many browsers, or nothing."""
    if not standing.lacking:
        return ""
    events = counted(standing.missing_events, "event")
    return f"{events} of {counted(standing.lacking, 'browser')}"


def _lack(browser: Browser) -> str:
    if browser.missing_events:
        return f"{counted(browser.missing_events, 'event')} missing"
    return "counted anew" if browser.restarts else ""


def _row(browser: Browser, own_build: str) -> BrowserRow:
    state, look = _LOOKS[browser.state]
    extension, _, build = browser.extension_version.partition("+")
    version = browser.policy_version
    return BrowserRow(
        id=browser.id,
        name=browser.name,
        browser=browser.browser,
        person=browser.person,
        state=state,
        look=look,
        policy="none yet" if version is None else f"version {version}",
        rulebook=(browser.rulebook_version or DASH)[:12],
        extension=extension,
        build=build,
        is_foreign=bool(build) and build != own_build,
        missing=_lack(browser),
        last_seen=moment(browser.last_seen_at),
    )
