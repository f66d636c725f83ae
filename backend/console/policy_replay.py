"""What a draft would have done to what was recorded, in kinds and counts, as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from quart import request
from quart.typing import ResponseReturnValue

from backend.console.layer_pages import client_href
from backend.console.layer_words import field_label
from backend.console.policy_words import titled
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Choice
from backend.console.visitors import page, visitor
from backend.policy.actions import Action
from backend.policy.backtest import Backtest
from backend.services.compliance_reporter import LEAST_COHORT

PERIODS: Final = ((7, "7 days"), (30, "30 days"), (93, "93 days"))
USUAL_DAYS: Final = 30
MOST_RULES: Final = 40


@dataclass(frozen=True, slots=True)
class Move:
    """Events that would move from one action to another."""

    was: str
    now: str
    count: int
    direction: str


@dataclass(frozen=True, slots=True)
class RuleMoves:
    """One rule, and how the events in which it found something would move."""

    name: str
    count: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """The result of a replay in words."""

    days: int
    events: int
    changed: int
    people: str
    leaves_more: int
    leaves_less: int
    moves: tuple[Move, ...]
    rules: tuple[RuleMoves, ...]
    more_rules: int
    unseen: tuple[str, ...]


def days_of(form: Mapping[str, str]) -> int:
    """Return the days a form asks for; the usual ones for any other word."""
    return next((days for days, _ in PERIODS if str(days) == form.get("days", "")), USUAL_DAYS)


def replayed(found: Backtest, days: int) -> Replayed:
    """Return a replay as its page shows it."""
    rules = sorted(
        (RuleMoves(titled(rule), sum(moves.values()), _moves(moves))
         for rule, moves in found.by_rule.items()),
        key=lambda one: (-one.count, one.name),
    )  # fmt: skip
    return Replayed(
        days, found.events, found.changed, _people(found.people), found.disclosures_more,
        found.disclosures_fewer, _moves(found.moves), tuple(rules[:MOST_RULES]),
        max(0, len(rules) - MOST_RULES), tuple(titled(one) for one in found.unseen_rules),
    )  # fmt: skip


def _moves(moves: Mapping[tuple[str, str], int]) -> tuple[Move, ...]:
    rows = [
        Move(was, now, count, "stricter" if Action(now) > Action(was) else "milder")
        for (was, now), count in moves.items()
    ]
    return tuple(sorted(rows, key=lambda one: (-one.count, one.was, one.now)))


def _people(count: int) -> str:
    """Return how many people it is about; of fewer than five no number."""
    return f"{count:,}" if count >= LEAST_COHORT or not count else f"fewer than {LEAST_COHORT}"


@blueprint.get("/clients/<uuid:client_id>/policy/watched")
@page("policy:read")
async def watched(client_id: UUID) -> ResponseReturnValue:
    """Show what the settings that only watch would have done."""
    client = await services().clients.one(visitor(), client_id)
    chain = await services().policy_lookup.chain(visitor(), client_id)
    days = days_of(request.args.to_dict())
    found = await services().policy_backtests.shadow(visitor(), UUID(chain[-1].id), days)
    return await screen(
        "watched.html",
        "Only watched",
        client=client,
        rows=[
            {
                "label": field_label(one.field), "action": one.action.value,
                "events": one.events, "stricter": one.stricter, "people": _people(one.people),
            }
            for one in found
        ],
        periods=[Choice(str(number), words, number == days) for number, words in PERIODS],
        here=client_href("watched", client_id),
        policy_href=client_href("policy", client_id),
        may_publish=visitor().may("policy:publish"),
    )  # fmt: skip
