"""A client's browsers as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.console.shapes import DASH, counted, percent
from backend.console.times import Moment, moment
from backend.services.fleet import SILENT_AFTER, Browser, BrowserState, FleetView
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
    """The fleet's figures and rows."""

    policy_version: int
    current: int
    total: int
    percent: int
    summary: str
    others: str
    degraded: str
    missing: str
    is_complete: bool
    rows: tuple[BrowserRow, ...]


def fleet_state_of(view: FleetView, own_build: str) -> FleetState:
    """Return a fleet in words; `own_build` is what this server hands out."""
    current, total = view.count(BrowserState.CURRENT), len(view.browsers)
    return FleetState(
        policy_version=view.policy_version,
        current=current,
        total=total,
        percent=percent(current, total),
        summary=_summary(view, current, total),
        others=_others(view.count(BrowserState.BEHIND), view.count(BrowserState.SILENT)),
        degraded=_degraded(view.degraded),
        missing=_missing(view),
        is_complete=0 < current == total,
        rows=tuple(_row(browser, own_build) for browser in view.browsers),
    )


def _summary(view: FleetView, current: int, total: int) -> str:
    if not total:
        return "No browser is enrolled yet"
    return f"{current:,} of {counted(total, 'browser')} on version {view.policy_version}"


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


def _missing(view: FleetView) -> str:
    """Say how many events never came from how many browsers, or nothing."""
    browsers = sum(browser.missing_events > 0 for browser in view.browsers)
    if not browsers:
        return ""
    return f"{counted(view.missing_events, 'event')} of {counted(browsers, 'browser')}"


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
