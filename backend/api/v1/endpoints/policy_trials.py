"""What a policy does or would do: on a text, over the past, and in shadow."""

from collections import Counter
from typing import Annotated, Any
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.v1.fields import Version
from backend.api.validation import validate_querystring, validate_request
from backend.core.errors import InvalidInput
from backend.policy.backtest import Backtest
from backend.policy.verdict import Verdict

blueprint = Blueprint("policy_trials", __name__)


class Trial(msgspec.Struct, forbid_unknown_fields=True):
    """A text to be judged by the live policy and, with a draft, by the draft beside it.

    Nothing of it is stored or logged. `draft` is a patch on top of `base_version`.
    """

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=200_000)]
    draft: dict[str, Any] | None = None
    base_version: Version | None = None

    def __repr__(self) -> str:
        """Never show the text."""
        return f"Trial({len(self.text)} characters)"


class TrialReason(msgspec.Struct):
    """A field and what it calls for."""

    field: str
    action: str


class TrialVerdict(msgspec.Struct):
    """What one policy says; `kinds` counts findings by type."""

    action: str
    remedies: list[str]
    message: str
    reasons: list[TrialReason]
    shadow: list[TrialReason]
    kinds: dict[str, int]


class TrialAnswer(msgspec.Struct):
    """Live and draft, side by side."""

    live: TrialVerdict
    draft: TrialVerdict | None


class Replay(msgspec.Struct, forbid_unknown_fields=True):
    """A draft to be replayed over the last days: a patch on top of `base_version`."""

    base_version: Version
    draft: dict[str, Any]
    days: Annotated[int, msgspec.Meta(ge=1, le=93)] = 31


class ReplayMove(msgspec.Struct):
    """How many events would move from one action to another."""

    before: str
    after: str
    events: int


class ReplayAnswer(msgspec.Struct):
    """What would have changed.

    Of `unseen_rules` the past says nothing: they did not exist, or found nothing. `unknown_rules`
    were recorded and exist no more. Every finding counts as sure, since its confidence is not kept.
    """

    events: int
    changed: int
    people: int
    stricter: int
    milder: int
    disclosures_more: int
    disclosures_fewer: int
    moves: list[ReplayMove]
    unknown_rules: list[str]
    unseen_rules: list[str]


class ShadowQuery(msgspec.Struct, forbid_unknown_fields=True):
    """How far back to look."""

    days: Annotated[int, msgspec.Meta(ge=1, le=93)] = 31


class ShadowShape(msgspec.Struct):
    """A setting that only watches, and what it would have done; no feed and no alert shows it.

    `stricter` counts the submissions whose verdict it alone would have made stricter.
    """

    field: str
    action: str
    events: int
    stricter: int
    people: int


class ShadowPage(msgspec.Struct):
    """Settings in shadow, by field."""

    items: list[ShadowShape]
    next: str | None = None


class KnownValues(msgspec.Struct, forbid_unknown_fields=True):
    """Values to be listed; they are not kept, only their digests are given back."""

    values: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]],
        msgspec.Meta(min_length=1, max_length=5000),
    ]


class ValueDigestShape(msgspec.Struct):
    """What a list keeps of one value: a keyed digest, and how many letters and digits it has."""

    digest: str
    length: int


class ValueDigestPage(msgspec.Struct):
    """The digests, in the order of the values."""

    items: list[ValueDigestShape]
    next: str | None = None


@blueprint.post("/policies/<uuid:policy_id>/test")
@requires("policy:publish")
@validate_request(Trial)
@validate_response(TrialAnswer)
async def try_text(policy_id: UUID, data: Trial) -> TrialAnswer:
    """Judge a text by the live policy and by a draft; nothing is stored or logged."""
    caller, publishing = principal(), services().policy_publishing
    if data.draft is not None and data.base_version is None:
        raise InvalidInput("Say which version the draft was made on (base_version).")
    client_id, live, draft = await publishing.beside(
        caller, policy_id, data.base_version, data.draft
    )
    analysis = services().prompt_analysis
    judged = await analysis.try_out(caller, client_id, live, data.text)
    drafted = await analysis.try_out(caller, client_id, draft, data.text) if draft else None
    return TrialAnswer(_trial(judged), _trial(drafted) if drafted else None)


@blueprint.post("/policies/<uuid:policy_id>/backtest")
@requires("policy:publish")
@validate_request(Replay)
@validate_response(ReplayAnswer)
async def replay_draft(policy_id: UUID, data: Replay) -> ReplayAnswer:
    """Replay a draft over what the audit log has kept: rules and counts, never text."""
    found = await services().policy_backtests.run(
        principal(), policy_id, data.base_version, data.draft, data.days
    )
    return replay_shape(found)


@blueprint.get("/policies/<uuid:policy_id>/shadow")
@requires("policy:read")
@validate_querystring(ShadowQuery)
@validate_response(ShadowPage)
async def show_shadow(policy_id: UUID, query_args: ShadowQuery) -> ShadowPage:
    """Show what settings in shadow would have done, worked out from rules and counts."""
    found = await services().policy_backtests.shadow(principal(), policy_id, query_args.days)
    return ShadowPage(
        [ShadowShape(o.field, o.action.value, o.events, o.stricter, o.people) for o in found]
    )


@blueprint.post("/policies/<uuid:policy_id>/digests")
@requires("policy:publish")
@validate_request(KnownValues)
@validate_response(ValueDigestPage)
async def digest_values(policy_id: UUID, data: KnownValues) -> ValueDigestPage:
    """Return what `custom.values` and `custom.allowed` of this policy keep of values."""
    client_id = await services().policy_publishing.client_of(principal(), policy_id)
    salt = await services().policy_lookup.salt(principal(), client_id)
    made = services().custom_detections.digests(client_id, data.values, salt)
    return ValueDigestPage([ValueDigestShape(one.digest, one.length) for one in made])


def replay_shape(found: Backtest) -> ReplayAnswer:
    """Return it as the API shows it."""
    moves = [ReplayMove(was, now, number) for (was, now), number in found.moves.items()]
    return ReplayAnswer(
        found.events, found.changed, found.people, found.stricter, found.milder,
        found.disclosures_more, found.disclosures_fewer, moves, list(found.unknown_rules),
        list(found.unseen_rules),
    )  # fmt: skip


def _trial(verdict: Verdict) -> TrialVerdict:
    kinds = Counter(finding.type for finding in verdict.findings)
    return TrialVerdict(
        verdict.action.value,
        [remedy.value for remedy in verdict.remedies],
        verdict.message,
        [TrialReason(one.field, one.action.value) for one in verdict.provenance],
        [TrialReason(one.field, one.action.value) for one in verdict.shadow],
        dict(sorted(kinds.items())),
    )
