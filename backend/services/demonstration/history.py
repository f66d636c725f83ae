"""Thirty days of synthetic use: who asked which AI service, and what the policy answered."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from backend.services.demonstration.world import DemoClient, DemoUser, made_id

Chosen = TypeVar("Chosen")
DAYS: Final = 30
_WEEKDAY_PROMPTS: Final = 55
_WEEKEND_PROMPTS: Final = 9
_AI_SERVICES: Final = (
    ("chatgpt", "chatgpt.com", 61),
    ("claude", "claude.ai", 24),
    ("gemini", "gemini.google.com", 9),
    ("deepseek", "chat.deepseek.com", 6),
)
_CHANNELS: Final = (("typed", 62), ("pasted", 34), ("uploaded", 4))


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of finding that the synthetic history contains."""

    type: str
    rule: str
    category: str
    severity: str
    action: str
    length: int


_KINDS: Final = (
    (Kind("MEDICAL_RECORD_NUMBER", "medical-record-number", "phi", "high", "block", 8), 18),
    (Kind("US_SSN", "us-ssn", "pii", "critical", "block", 11), 9),
    (Kind("DATE_OF_BIRTH", "date-of-birth", "phi", "high", "block", 10), 15),
    (Kind("CREDIT_CARD", "credit-card", "pii", "critical", "block", 16), 4),
    (Kind("SECRET", "aws-access-key-id", "secret", "critical", "block", 20), 3),
    (Kind("EMAIL_ADDRESS", "email-address", "pii", "low", "warn", 22), 24),
    (Kind("PHONE_NUMBER", "phone-number", "pii", "medium", "warn", 14), 17),
    (Kind("PERSON", "person-label", "phi", "medium", "flag", 13), 10),
)
_DISPOSITIONS: Final = {
    "block": (("prevented", 46), ("redacted_sent", 41), ("abandoned", 9), ("false_positive", 4)),
    "warn": (("redacted_sent", 52), ("abandoned", 21), ("justified_sent", 27)),
    "flag": (("sent_unflagged", 100),),
}


@dataclass(frozen=True, slots=True)
class PastSubmission:
    """One submission of the synthetic past and how it ended."""

    client: DemoClient
    user: DemoUser
    event_id: UUID
    occurred_at: datetime
    service_id: str
    service_host: str
    channel: str
    size: int
    kind: Kind | None
    disposition: str

    @property
    def action(self) -> str:
        """What the policy answered."""
        return self.kind.action if self.kind else "allow"


def past(client: DemoClient, people: Sequence[DemoUser], now: datetime) -> Iterator[PastSubmission]:
    """Yield one client's submissions of the last thirty days, oldest first; the same each time."""
    dice = random.Random(client.slug)  # noqa: S311 -- synthetic data must repeat, not surprise
    for days_ago in range(DAYS, 0, -1):
        day = now - timedelta(days=days_ago)
        mean = _WEEKDAY_PROMPTS if day.weekday() < 5 else _WEEKEND_PROMPTS  # noqa: PLR2004 -- Saturday
        count = max(1, round(dice.gauss(mean, math.sqrt(mean))))
        seconds = sorted(dice.uniform(0, 86_000) for _ in range(count))
        for number, second in enumerate(seconds):
            moment = day + timedelta(seconds=second)
            if moment < now:
                yield _one(client, people, moment, f"{days_ago}-{number}", dice)


def _one(
    client: DemoClient, people: Sequence[DemoUser], moment: datetime, name: str, dice: random.Random
) -> PastSubmission:
    kind = _pick(_KINDS, dice) if dice.random() < _risk(client) else None
    service_id, host = _service(dice)
    return PastSubmission(
        client=client,
        user=dice.choice(people),
        event_id=made_id("event", client.slug, name),
        occurred_at=moment,
        service_id=service_id,
        service_host=host,
        channel=_pick(_CHANNELS, dice),
        size=min(20_000, round(dice.lognormvariate(5.6, 1.0))),
        kind=kind,
        disposition=_pick(_DISPOSITIONS[kind.action], dice) if kind else "sent",
    )


def _risk(client: DemoClient) -> float:
    """Return the share of prompts with a finding: a steady figure per client, 6 to 12 percent."""
    return 0.06 + (client.id.int % 7) / 100


def _service(dice: random.Random) -> tuple[str, str]:
    names = {service: host for service, host, _ in _AI_SERVICES}
    chosen = _pick([(service, weight) for service, _, weight in _AI_SERVICES], dice)
    return chosen, names[chosen]


def _pick(choices: Sequence[tuple[Chosen, int]], dice: random.Random) -> Chosen:
    values = [value for value, _ in choices]
    return dice.choices(values, weights=[weight for _, weight in choices])[0]
