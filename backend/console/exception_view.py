"""Exceptions as the console shows them: what waits, what is in force, what was."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from backend.console.feed_view import kinds_in_words
from backend.console.scopes import ScopeBadge
from backend.console.shapes import Choice
from backend.console.times import Moment, moment, moment_or_none
from backend.console.work_words import JUSTIFICATION, STATE, durations, lasting
from backend.core.principal import Principal
from backend.services.exception_cards import ExceptionCard, Said


@dataclass(frozen=True, slots=True)
class Saying:
    """What one approver said, in words."""

    who: str
    what: str
    reason: str
    at: Moment


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception; `hindrance` is why the visitor cannot decide on it, empty where they can."""

    id: UUID
    person: str
    badge: ScopeBadge | None
    service: str
    kinds: str
    justification: str
    words: str
    state: str
    look: str
    needs: str
    asked: Moment
    answer_until: Moment
    starts: Moment | None
    ends: Moment | None
    lasted: str
    sayings: tuple[Saying, ...]
    durations: tuple[Choice, ...]
    hindrance: str


def exception_row(
    card: ExceptionCard, caller: Principal, services: Mapping[str, str], badge: ScopeBadge | None
) -> ExceptionRow:
    """Return an exception in words; with a badge where several clients are shown."""
    state, look = STATE[card.state]
    about_service = card.subject == "service"
    kinds = kinds_in_words(dict.fromkeys(card.kinds, 1)) if card.kinds else "Nothing was found"
    return ExceptionRow(
        id=card.id,
        person=card.person or "Somebody",
        badge=badge,
        service=services.get(card.service, card.service),
        kinds=f"{kinds}; the AI service itself is stopped" if about_service else kinds,
        justification=JUSTIFICATION[card.justification],
        words=card.words,
        state=state,
        look=look,
        needs=_needs(card),
        asked=moment(card.created_at),
        answer_until=moment(card.answer_until),
        starts=moment_or_none(card.starts_at),
        ends=moment_or_none(card.ends_at),
        lasted=lasting(card.minutes) if card.minutes else "",
        sayings=tuple(_saying(one) for one in card.said),
        durations=durations(card.most_minutes),
        hindrance=_hindrance(card, caller),
    )


def _needs(card: ExceptionCard) -> str:
    if card.approvers_needed == 1:
        return ""
    return f"Needs two people; {card.approvals or 'none'} so far has said yes"


def _saying(said: Said) -> Saying:
    what = f"yes, {lasting(said.minutes)}" if said.minutes else "no"
    return Saying(said.approver, what, said.reason, moment(said.at))


def _hindrance(card: ExceptionCard, caller: Principal) -> str:
    if not caller.may("exception:decide"):
        return "Your role may read this but not decide on it."
    if card.requested_by == caller.user_id:
        return "You asked for this yourself, so somebody else decides."
    if any(one.approver_id == caller.user_id for one in card.said):
        return "You have said yes. It holds once a second person has."
    return ""
