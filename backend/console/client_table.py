"""The figures of an MSP, and one row for each of its clients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from quart import url_for

from backend.console.scopes import ScopeBadge, client_badge
from backend.console.screens import client_menu
from backend.console.shapes import Figure, percent
from backend.console.times import Moment, moment_or_none
from backend.core.principal import Principal
from backend.services.clients import ClientCard
from backend.services.msp_summary import ClientSummary, Summary

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client in the MSP's table."""

    id: UUID
    badge: ScopeBadge
    href: str
    current: int
    browsers: int
    seats: int
    prompts_day: int
    prompts_month: int
    violations: int
    left: int
    last_event: Moment | None
    state: str
    """Empty for an active client."""
    grade: str
    score: str
    report_href: str


@dataclass(frozen=True, slots=True)
class ClientWish:
    """Which clients are looked for, in which order, and where the page begins."""

    search: str = ""
    order: str = "name"
    start: int = 0

    def values(self) -> dict[str, str | int]:
        """Return it as parameters of an address."""
        said = {"q": self.search, "order": self.order if self.order != "name" else ""}
        found: dict[str, str | int] = {name: text for name, text in said.items() if text}
        return {**found, "from": self.start} if self.start else found


@dataclass(frozen=True, slots=True)
class ClientTable:
    """What the MSP's page shows: its figures, and one page of clients."""

    figures: tuple[Figure, ...]
    rows: tuple[ClientRow, ...]
    found: int
    total: int
    browsers: int
    """How many are connected, at all clients."""


def client_table(
    caller: Principal, summary: Summary, cards: Mapping[UUID, ClientCard], wish: ClientWish
) -> ClientTable:
    """Return the page's figures and rows."""
    known = [one for one in summary.clients if one.client_id in cards]
    wanted = wish.search.casefold()
    found = sorted(
        (one for one in known if wanted in one.name.casefold()), key=ORDERS[wish.order][1]
    )
    shown = found[wish.start : wish.start + PAGE_SIZE]
    rows = tuple(_row(caller, one, cards[one.client_id]) for one in shown)
    return ClientTable(
        _figures(summary.totals), rows, len(found), len(known), summary.totals.browsers
    )


def _by_score(client: ClientSummary) -> tuple[bool, float]:
    """Put the lowest score first, and those without enough data last."""
    score = client.score
    return (score is None or not score.is_enough, score.score if score else 0.0)


ORDERS: Final[Mapping[str, tuple[str, Callable[[ClientSummary], Any]]]] = {
    "name": ("name", lambda client: client.name.casefold()),
    "score": ("lowest score", _by_score),
    "left": ("most that left", lambda client: -client.left),
    "violations": ("most violations", lambda client: -client.violations),
    "browsers": ("fewest current browsers", lambda client: client.coverage),
}
"""How a page may be ordered: its words, and by what."""


def _row(caller: Principal, client: ClientSummary, card: ClientCard) -> ClientRow:
    menu = client_menu(caller, client.client_id)
    return ClientRow(
        id=client.client_id,
        badge=client_badge(card),
        href=menu[0].href if menu else "",
        current=client.browsers_current,
        browsers=client.browsers,
        seats=client.seats,
        prompts_day=client.prompts_24h,
        prompts_month=client.prompts_30d,
        violations=client.violations,
        left=client.left,
        last_event=moment_or_none(client.last_event_at),
        state="" if card.status == "active" else card.status,
        grade=(client.score.grade if client.score else None) or "",
        score=f"{client.score.score:.0f}" if client.score else "",
        report_href=url_for("console.report", client_id=client.client_id)
        if menu and caller.may("report:read")
        else "",
    )


def _figures(totals: ClientSummary) -> tuple[Figure, ...]:
    reported = totals.violations - totals.prevented - totals.left
    return (
        Figure(f"{totals.prompts_30d:,}", "prompts checked", f"{totals.prompts_24h:,} in 24 hours"),
        Figure(
            f"{totals.violations:,}",
            "violations",
            f"{reported:,} reported as a mistake" if reported else "",
        ),
        Figure(f"{totals.prevented:,}", "stopped or cleaned before they left", look="good"),
        Figure(f"{totals.left:,}", "left the browser", look="bad" if totals.left else ""),
        _coverage(totals),
    )


def _coverage(totals: ClientSummary) -> Figure:
    if not totals.browsers:
        return Figure("none", "of the browsers is enrolled yet", f"{totals.seats:,} seats")
    share = percent(totals.browsers_current, totals.browsers)
    value = f"{totals.browsers_current:,} of {totals.browsers:,}"
    return Figure(value, "browsers on their newest policy", f"{share} %, {totals.seats:,} seats")
