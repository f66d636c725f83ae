"""What holds for every chain of layers, and the cases a person would ask about."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.policy.actions import Action
from backend.policy.fields import document_of, fields_of, overrides
from backend.policy.inheritance import effective, joined, laid_over, of_layer
from backend.policy.layers import Kind, Layer, Mode, Origin, read_layer
from backend.policy.reading import read_policy
from backend.policy.strictness import is_action, is_milder, live_rank, stricter
from backend.policy.taxonomy import Taxonomy
from backend.policy.validation import PolicyError
from tests.unit.policy.layered import (
    ACTIONS,
    KINDS,
    PATHS,
    TAXONOMY,
    answer,
    chains,
    layer,
    layers,
    partial,
    resolved,
)
from tests.unit.policy.worlds import documents

Chain = list[Layer]
kinds = st.sampled_from(KINDS)


@given(chains())
def test_what_layers_make_is_always_a_policy(chain: Chain) -> None:
    read_policy({"name": "Test", **resolved(chain).document})


@given(layers(number=1), layers(number=2), layers(number=3))
def test_merging_is_associative(one: Layer, two: Layer, three: Layer) -> None:
    a, b, c = of_layer(one), of_layer(two), of_layer(three)
    left = laid_over(laid_over(a, b, TAXONOMY), c, TAXONOMY)
    right = laid_over(a, laid_over(b, c, TAXONOMY), TAXONOMY)
    assert left.fields == right.fields
    assert left.guards == right.guards


@given(st.lists(layers(Kind.GROUP), max_size=4), layers(), st.randoms(use_true_random=False))
def test_the_order_of_groups_does_not_matter(
    groups: Chain, below: Layer, dice: random.Random
) -> None:
    named = [
        replace(one, origin=replace(one.origin, id=str(number)))
        for number, one in enumerate(groups)
    ]
    before = resolved([below, *named])
    dice.shuffle(named)
    assert resolved([below, *named]) == before


@given(chains(), kinds, st.data())
def test_a_stricter_setting_never_answers_more_mildly(
    chain: Chain, kind: tuple[str, str, str, str], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(chain) - 1))
    given_fields = dict(chain[number].fields)
    settings = [path for path in PATHS if isinstance(given_fields.get(path), str)]
    if not settings:
        return
    path = data.draw(st.sampled_from(settings))
    higher = [one for one in ACTIONS if live_rank(one) > live_rank(given_fields[path])]
    if not higher:
        return
    raised = replace(
        chain[number], fields={**given_fields, path: data.draw(st.sampled_from(higher))}
    )
    strict = [*chain[:number], raised, *chain[number + 1 :]]
    assert answer(strict, kind).action >= answer(chain, kind).action


@given(chains(), kinds, st.sampled_from((0.4, 0.6, 0.95)))
def test_a_floor_is_never_undercut(
    chain: Chain, kind: tuple[str, str, str, str], confidence: float
) -> None:
    """Whatever later layers say: less specific, more specific, in shadow, or taken out."""
    for count in range(1, len(chain)):
        if chain[count].kind == Kind.GROUP:
            continue  # groups are one layer: its parts do not hold each other
        above = chain[:count]
        locking = above[-1]
        path = next((path for path in path_of(kind) if locking.fields.get(path)), None)
        if path is None or locking.mode(path) == Mode.DEFAULT or locking.kind == Kind.GROUP:
            continue
        held = answer(above, kind, confidence).action
        setting = resolved(above).fields.get(path)
        is_taken_seriously = bool(answer(above, kind, confidence).findings)
        if live_rank(setting) < held.rank or not is_taken_seriously:
            continue  # something else than this setting called for it
        # A switch of this layer, or a milder exception it had made itself, is its own.
        assert answer(chain, kind, confidence).action >= held


def path_of(kind: tuple[str, str, str, str]) -> tuple[str, ...]:
    return (
        f"rules.{kind[0]}", f"entities.{kind[1]}", f"families.{kind[2]}", f"categories.{kind[3]}",
        "default_action",
    )  # fmt: skip


@given(chains(), layers(Kind.USER, 9))
def test_a_locked_field_stays_exactly_as_it_is(chain: Chain, last: Layer) -> None:
    before = resolved([one for one in chain if one.kind in BEFORE])
    after = resolved([*(one for one in chain if one.kind in BEFORE), last])
    said = {(one.origin.id, path) for one in chain for path in one.fields}
    for path, origin in before.provenance.items():
        is_its_own = origin.held_by == origin.origin and (origin.origin.id, path) in said
        is_its_own &= not path.startswith("services.")
        if origin.mode == Mode.LOCKED and is_its_own:
            assert after.fields.get(path) == before.fields[path]


BEFORE = {Kind.PLATFORM, Kind.MSP_TEMPLATE, Kind.CLIENT, Kind.GROUP}


@given(chains())
def test_every_field_that_holds_says_who_set_it(chain: Chain) -> None:
    found = resolved(chain)
    assert found.provenance.keys() == found.fields.keys()
    for path, origin in found.provenance.items():
        assert (origin.held_by is None) == (origin.mode == Mode.DEFAULT), path


@given(chains())
def test_a_refusal_names_a_wish_that_does_not_hold(chain: Chain) -> None:
    for refusal in resolved(chain).refused:
        assert refusal.wished != refusal.held
        assert refusal.mode in {Mode.LOCKED, Mode.FLOOR}


@given(documents, documents)
def test_overrides_over_a_template_make_the_same_policy_again(
    template: dict[str, Any], stored: dict[str, Any]
) -> None:
    """So a version stored as a whole document reads as a layer, and nothing changes."""
    below = fields_of(read_policy(template).document())
    whole = fields_of(read_policy(stored).document())
    client = Layer(Origin("client", "c", "C", 1), overrides(whole, below))
    platform = Layer(Origin("platform", "t", "T", 1), below)
    made = read_policy(effective([platform, client], TAXONOMY).document).document()
    expected = read_policy(stored).document()
    assert without_combinations(made) == without_combinations(expected)
    assert fields_of(made) == {p: v for p, v in whole.items() if v is not None}


def without_combinations(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "combinations"}


@given(documents)
def test_a_document_is_its_fields(document: dict[str, Any]) -> None:
    whole = read_policy(document).document()
    again = read_policy(document_of(fields_of(whole))).document()
    assert fields_of(again) == fields_of(whole)


@given(st.data(), layers(), layers(), layers())
def test_the_stricter_of_values_does_not_depend_on_their_order(
    data: st.DataObject, one: Layer, two: Layer, three: Layer
) -> None:
    path = data.draw(st.sampled_from(sorted({*one.fields, *two.fields, *three.fields, "rules.x"})))
    a, b, c = (each.fields.get(path) for each in (one, two, three))
    assert stricter(path, a, b) == stricter(path, b, a)
    assert stricter(path, stricter(path, a, b), c) == stricter(path, a, stricter(path, b, c))
    assert stricter(path, a, a) == a
    if is_action(path):
        assert not is_milder(path, stricter(path, a, b), a)


TEMPLATE = layer(
    Kind.MSP_TEMPLATE, 0,
    partial(
        default_action="allow",
        categories={"pii": {"action": "flag"}},
        families={"government-id": {"action": "block"}, "contact": {"action": "warn"}},
        entities={"US_ITIN": {"action": "flag"}},
    ),
    {"families.government-id": "floor", "categories.pii": "locked"},
)  # fmt: skip


def client(**document: Any) -> Layer:
    return layer(Kind.CLIENT, 1, partial(**document), {})


def test_overriding_one_field_leaves_the_rest_inherited() -> None:
    found = resolved([TEMPLATE, client(families={"contact": {"action": "flag"}})])
    assert found.fields["families.contact"] == "flag"
    assert found.provenance["families.contact"].origin.kind == Kind.CLIENT
    assert found.provenance["families.government-id"].origin.kind == Kind.MSP_TEMPLATE
    assert found.refused == ()


def test_a_milder_wish_under_a_floor_is_refused_by_the_name_of_who_set_it() -> None:
    found = resolved([TEMPLATE, client(families={"government-id": {"action": "warn"}})])
    (refusal,) = found.refused
    assert found.fields["families.government-id"] == "block"
    assert (refusal.field, refusal.wished, refusal.held) == (
        "families.government-id", "warn", "block",
    )  # fmt: skip
    assert (refusal.mode, refusal.by.kind) == (Mode.FLOOR, Kind.MSP_TEMPLATE)


@pytest.mark.parametrize("where", ["entities.US_SSN", "rules.us-ssn", "rules.never-heard-of"])
def test_a_floor_of_a_family_holds_the_settings_inside_it(where: str) -> None:
    group, name = where.split(".")
    found = resolved([TEMPLATE, client(**{group: {name: {"action": "allow"}}})])
    assert found.fields[where] == "block"
    assert found.provenance[where].mode != Mode.DEFAULT


def test_what_the_locking_layer_itself_leaves_open_stays_open() -> None:
    found = resolved([TEMPLATE, client(entities={"US_ITIN": {"action": "allow"}})])
    assert found.fields["entities.US_ITIN"] == "allow"


def test_shadow_under_a_floor_is_refused_because_it_stops_nothing() -> None:
    wish = {"US_SSN": {"action": "block", "mode": "shadow"}}
    assert resolved([TEMPLATE, client(entities=wish)]).fields["entities.US_SSN"] == "block"


def test_more_confidence_cannot_slip_under_a_floor() -> None:
    found = resolved([TEMPLATE, client(minimum_confidence=1.0)])
    assert found.fields["minimum_confidence"] == 0.5


def test_an_emergency_stop_that_only_observes_is_the_lock_owners() -> None:
    switch = {"effect": "observe", "until": "2027-01-01T00:00:00+00:00", "reason": "outage"}
    mine = resolved([TEMPLATE, client(switches={"*": {**switch, "by": "client"}})])
    theirs = resolved([TEMPLATE, client(switches={"*": {**switch, "by": "msp"}})])
    assert "switches.*" not in mine.fields
    assert "switches.*" in theirs.fields


MSP_STOP = {
    "effect": "block", "until": "2027-01-01T00:00:00+00:00", "reason": "leak", "by": "msp",
}  # fmt: skip
UNDERCUTS: list[Any] = [
    None,
    {**MSP_STOP, "by": "client", "effect": "observe", "until": "2029-01-01T00:00:00+00:00"},
    {**MSP_STOP, "by": "client", "until": "2026-12-31T23:59:59+00:00"},
]


@pytest.mark.parametrize("wish", UNDERCUTS)
@pytest.mark.parametrize("kind", [Kind.CLIENT, Kind.GROUP, Kind.USER, Kind.EXCEPTION])
def test_a_stop_of_the_msp_holds_whatever_a_later_layer_wishes(wish: Any, kind: Kind) -> None:
    stop = layer(Kind.MSP_TEMPLATE, 1, {"switches.chatgpt": MSP_STOP}, {})
    found = resolved([TEMPLATE, stop, layer(kind, 2, {"switches.chatgpt": wish}, {})])
    assert found.fields["switches.chatgpt"] == MSP_STOP
    assert [one.field for one in found.refused] == ["switches.chatgpt"]


def test_a_longer_stop_of_the_client_and_a_word_of_the_msp_itself_are_heard() -> None:
    stop = layer(Kind.MSP_TEMPLATE, 1, {"switches.chatgpt": MSP_STOP}, {})
    longer = {**MSP_STOP, "by": "client", "until": "2027-02-01T01:00:00+01:00"}
    shorter = {**MSP_STOP, "until": "2026-12-01T00:00:00+00:00"}
    for wish in (longer, shorter):
        own = layer(Kind.CLIENT, 2, {"switches.chatgpt": wish}, {})
        assert resolved([TEMPLATE, stop, own]).fields["switches.chatgpt"] == wish


def test_of_two_groups_one_stops_and_one_observes_and_the_service_is_stopped() -> None:
    stops = {"effect": "block", "until": "2027-01-01T00:00:00+00:00", "reason": "a", "by": "client"}
    groups = [
        layer(Kind.GROUP, number, {"switches.chatgpt": {**stops, "effect": effect}}, {})
        for number, effect in enumerate(("block", "observe"))
    ]
    for order in (groups, groups[::-1]):
        assert resolved([TEMPLATE, *order]).fields["switches.chatgpt"]["effect"] == "block"


def test_of_two_groups_the_stricter_one_wins_and_is_named() -> None:
    billing = layer(Kind.GROUP, 1, partial(families={"contact": {"action": "allow"}}), {})
    nurses = layer(Kind.GROUP, 2, partial(families={"contact": {"action": "block"}}), {})
    found = resolved([TEMPLATE, billing, nurses])
    assert found.fields["families.contact"] == "block"
    assert found.provenance["families.contact"].origin == nurses.origin


def test_a_group_that_says_nothing_does_not_undo_what_another_allows() -> None:
    billing = layer(Kind.GROUP, 1, partial(families={"contact": {"action": "flag"}}), {})
    everybody = layer(Kind.GROUP, 2, {}, {})
    assert resolved([TEMPLATE, billing, everybody]).fields["families.contact"] == "flag"


def test_a_group_that_means_the_whole_family_is_not_undercut_by_one_that_names_a_type() -> None:
    family = layer(Kind.GROUP, 1, partial(families={"contact": {"action": "block"}}), {})
    entity = layer(Kind.GROUP, 2, partial(entities={"EMAIL_ADDRESS": {"action": "allow"}}), {})
    assert answer([TEMPLATE, family, entity], KINDS[4]).action is Action.BLOCK


def test_an_exception_granted_by_the_locks_owner_passes_it() -> None:
    exception = replace(
        layer(Kind.EXCEPTION, 5, partial(entities={"US_SSN": {"action": "warn"}}), {}),
        passes=frozenset({Kind.MSP_TEMPLATE}),
    )
    assert answer([TEMPLATE, exception], KINDS[0]).action is Action.WARN
    held = replace(exception, passes=frozenset())
    assert answer([TEMPLATE, held], KINDS[0]).action is Action.BLOCK


def test_a_clients_own_rule_is_held_by_the_locks_on_its_category_alone() -> None:
    template = layer(
        Kind.MSP_TEMPLATE, 0,
        partial(
            categories={"phi": {"action": "block"}, "pii": {"action": "flag"}},
            default_action="allow",
        ),
        {"categories.phi": "floor"},
    )  # fmt: skip
    word = {"name": "N", "severity": "low", "words": ["falcon"]}
    own = client(
        custom={"keywords": {"a": {**word, "category": "phi"}, "b": {**word, "category": "pii"}}},
        rules={"custom-a": {"action": "allow"}, "custom-b": {"action": "allow"}},
    )
    found = effective([template, own], Taxonomy())
    assert found.fields["rules.custom-a"] == "block"
    assert found.fields["rules.custom-b"] == "allow"


def test_a_layer_reads_back_the_same() -> None:
    document = {
        "format": 1,
        "families": {"card": {"action": "block"}, "contact": None},
        "combinations": [
            {"families": ["name"], "with_families": ["card"], "action": "allow"},
        ],
        "minimum_confidence": 0.5,
        "locks": {"families.card": "floor"},
    }
    read = read_layer(document, TEMPLATE.origin)
    assert read.document() == document


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"format": 1, "locks": {"families.card": "floor"}}, "locks.families-card"),
        ({"families": {"card": {"action": "block"}}, "locks": {"families.card": "firm"}}, "locks…"),
        (
            {"families": {"card": {"action": "block"}}, "locks": {"*": "floor"}},
            "minimum_confidence",
        ),
        ({"families": {"cards": {"action": "block"}}}, "families.cards"),
        ({"families": {"card": {"action": "blok"}}}, "families.card.action"),
        ({"colour": "red"}, "colour"),
        ([], ""),
    ],
)
def test_what_is_no_layer_is_refused_by_name(document: Any, field: str) -> None:
    with pytest.raises(PolicyError) as refused:
        read_layer(document, TEMPLATE.origin)
    assert refused.value.field.startswith(field.rstrip("…"))


def test_one_group_alone_is_itself() -> None:
    assert joined([TEMPLATE], TAXONOMY) is TEMPLATE
