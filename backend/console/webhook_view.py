"""A webhook in words: what is sent, how it fares, what became of what was sent."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.console.shapes import capitalised, counted
from backend.console.times import Moment, moment, moment_or_none
from backend.services.webhook_deliveries import Delivery
from backend.services.webhook_messages import TEST
from backend.services.webhooks import KINDS, Webhook

KIND_WORDS: Final = {
    "violations": ("violations", "each as it is recorded: kinds of data, AI service, outcome"),
    "policies": ("policy changes", "published, proposed, approved, refused"),
    "exceptions": ("exceptions", "asked for, granted, refused, ended"),
    "services": ("AI services", "decided, asked for, stopped"),
    "browsers": ("browsers", "cut off, or events of theirs never came"),
}
_ERRORS: Final = {
    "gaierror": "no such host", "ConnectError": "no connection", "ReadError": "broken off",
    "TimeoutError": "no answer in time", "ConnectTimeout": "no answer in time",
    "ReadTimeout": "no answer in time", "RemoteProtocolError": "no web server",
}  # fmt: skip
_STATES: Final = {
    "working": ("working", "allow"), "failing": ("failing, tried again", "warn"),
    "given_up": ("given up after two days", "block"), "paused": ("paused", "flag"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One webhook."""

    id: UUID
    url: str
    kinds: str
    state: str
    look: str
    last_error: str
    since: Moment | None
    before_until: Moment | None
    is_resting: bool
    choices: tuple[tuple[str, str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One sending."""

    at: Moment
    what: str
    message_id: str
    outcome: str
    look: str
    took: str


def webhook_row(one: Webhook) -> WebhookRow:
    """Return a webhook in words."""
    state, look = _STATES[one.state]
    return WebhookRow(
        one.id, one.url, capitalised(", ".join(KIND_WORDS[kind][0] for kind in one.kinds)), state,
        look, error_words(one.last_error), moment_or_none(one.failing_since),
        moment_or_none(one.before_until), one.state in {"given_up", "paused"},
        kind_choices(one.kinds),
    )  # fmt: skip


def error_words(error: str) -> str:
    """Return why a sending did not arrive, as an administrator says it."""
    return _ERRORS.get(error, error)


def kind_choices(ticked: object) -> tuple[tuple[str, str, str, bool], ...]:
    """Return what can be sent, with what is chosen."""
    chosen = ticked if isinstance(ticked, list | tuple) else ()
    return tuple((kind, *KIND_WORDS[kind], kind in chosen) for kind in KINDS)


def delivery_row(one: Delivery) -> DeliveryRow:
    """Return a sending in words."""
    what = "Test" if one.kind == TEST else f"{capitalised(KIND_WORDS[one.kind][0])}"
    if one.events:
        what += f", {counted(one.events, 'event')}"
    outcome, look = (error_words(one.error), "block") if one.error else ("arrived", "allow")
    return DeliveryRow(
        moment(one.created_at), what, one.message_id, outcome, look, f"{one.milliseconds:,} ms"
    )
