"""The figures of an MSP, and one row for each of its clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from backend.console.scopes import ScopeBadge, client_badge
from backend.console.screens import client_menu
from backend.console.shapes import Figure, percent
from backend.console.times import Moment, moment_or_none
from backend.core.principal import Principal
from backend.services.clients import ClientCard
from backend.services.msp_summary import ClientSummary, Summary


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


@dataclass(frozen=True, slots=True)
class ClientTable:
    """What the MSP's page shows."""

    figures: tuple[Figure, ...]
    rows: tuple[ClientRow, ...]


def client_table(
    caller: Principal, summary: Summary, cards: Mapping[UUID, ClientCard]
) -> ClientTable:
    """Return the page's figures and rows."""
    rows = (
        _row(caller, client, cards[client.client_id])
        for client in summary.clients
        if client.client_id in cards
    )
    return ClientTable(_figures(summary.totals), tuple(rows))


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
