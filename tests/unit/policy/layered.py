"""Strategies for layers of policies, and the findings they are about."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from backend.policy.decide import decide
from backend.policy.fields import fields_of
from backend.policy.inheritance import Effective, effective
from backend.policy.layers import Kind, Layer, Origin
from backend.policy.reading import read_policy
from backend.policy.taxonomy import Taxonomy
from backend.policy.verdict import Context, Verdict
from tests.unit.policy.worlds import a_finding

KINDS = (
    ("us-ssn", "US_SSN", "government-id", "pii"),
    ("us-itin", "US_ITIN", "government-id", "pii"),
    ("us-npi", "US_NPI", "health-id", "phi"),
    ("label", "US_NPI", "licence", "pii"),
    ("email-address", "EMAIL_ADDRESS", "contact", "pii"),
    ("aws-key", "SECRET", "secret", "secret"),
)
TAXONOMY = Taxonomy(frozenset(KINDS))
PATHS = tuple(
    sorted(
        {
            path
            for kind in KINDS
            for path in (
                f"rules.{kind[0]}", f"entities.{kind[1]}", f"families.{kind[2]}",
                f"categories.{kind[3]}",
            )
        }
    )
)  # fmt: skip
ACTIONS = ("allow", "flag", "warn", "block")
_action = st.sampled_from(ACTIONS)
_setting = st.one_of(_action, _action, st.sampled_from(("shadow:warn", "shadow:block")), st.none())
_COMBINED = ("combinations.contact/health-id", "combinations.contact+secret/licence")
_UNTIL = "2027-01-01T00:00:00+00:00"
_other = st.fixed_dictionaries(
    {},
    optional={
        "default_action": _action,
        "second_approval": st.sampled_from(("never", "weakening")),
        "exception_minutes": st.sampled_from((0, 60, 480)),
        "exception_approvers": st.sampled_from(("two_if_locked", "two")),
        "server_verdict": st.sampled_from(("never", "on_finding", "always")),
        "on_unavailable": st.sampled_from(("allow_and_queue", "enforce_cached", "warn", "block")),
        "families.contact.on_unavailable": st.sampled_from(("allow_and_queue", "block")),
        "services.unapproved": _action,
        "services.prohibited": _action,
        "remedies.warn": st.lists(
            st.sampled_from(("redact", "justify", "redirect")), min_size=1, unique=True
        ),
        "messages.warn": st.sampled_from(("Look again.", "Ask {contact}.")),
        "translations.es.warn": st.just("Mire otra vez."),
        _COMBINED[0]: _action,
        _COMBINED[1]: _action,
        "custom.keywords.projects": st.one_of(
            st.none(),
            st.just({"name": "P", "category": "phi", "severity": "high", "words": ["falcon"]}),
        ),
        "custom.allowed.desk": st.one_of(
            st.none(), st.just({"name": "D", "digests": ["0" * 32], "type": None, "until": None})
        ),
        "rules.custom-projects": _action,
        "switches.chatgpt": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {
                    "effect": st.sampled_from(("observe", "block")),
                    "until": st.sampled_from((_UNTIL, "2027-03-01T00:00:00+00:00")),
                    "reason": st.just("r"),
                    "by": st.sampled_from(("client", "msp")),
                }
            ),
        ),
    },
)
LOCKABLE = (
    *PATHS, "default_action", "remedies", "messages", "custom.allowed", "families", "rules", "*",
    "combinations", "services",
)  # fmt: skip


def layer(kind: Kind, number: int, fields: dict[str, Any], locks: dict[str, str]) -> Layer:
    """Return a layer; one that locks says its confidence, as `read_layer` demands."""
    said = {"minimum_confidence": 0.5, **fields} if locks else fields
    return Layer(Origin(kind, f"{kind}-{number}", f"{kind} {number}", 1, "Ann"), said, locks)


# Made once: hypothesis looks through each strategy before it first draws from it.
_settings = st.dictionaries(st.sampled_from(PATHS), _setting, max_size=5)
_locks = st.dictionaries(
    st.sampled_from(LOCKABLE), st.sampled_from(("floor", "locked")), max_size=3
)
_confidence = st.sampled_from((0.0, 0.5, 0.9))
_is_so = st.booleans()
_groups = st.integers(0, 3)


@cache
@st.composite
def layers(draw: st.DrawFn, kind: Kind = Kind.CLIENT, number: int = 0) -> Layer:
    """Draw a layer of any fields and locks."""
    fields: dict[str, Any] = {**draw(_settings), **draw(_other)}
    if draw(_is_so):
        fields["minimum_confidence"] = draw(_confidence)
    return layer(kind, number, fields, draw(_locks))


@st.composite
def chains(draw: st.DrawFn) -> list[Layer]:
    """Draw the layers of one user: some of the kinds, up to three groups, in their order."""
    kinds = [Kind.PLATFORM, Kind.MSP_TEMPLATE, Kind.CLIENT]
    kinds += [Kind.GROUP] * draw(_groups) + [Kind.USER, Kind.EXCEPTION]
    chosen = [kind for kind in kinds if kind == Kind.PLATFORM or draw(_is_so)]
    return [draw(layers(kind, number)) for number, kind in enumerate(chosen)]


def resolved(chain: list[Layer]) -> Effective:
    """Return what a chain makes."""
    return effective(chain, TAXONOMY)


def answer(chain: list[Layer], kind: tuple[str, str, str, str], confidence: float = 0.9) -> Verdict:
    """Return the verdict about one finding of this kind."""
    document = {"name": "Test", **resolved(chain).document}
    found = a_finding(
        rule=kind[0], type=kind[1], family=kind[2], category=kind[3], confidence=confidence
    )
    return decide([found], read_policy(document), Context())


def partial(**document: Any) -> dict[str, Any]:
    """Return the fields of a partial document."""
    return fields_of(document)
