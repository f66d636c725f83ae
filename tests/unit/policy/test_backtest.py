"""A draft replayed over what was recorded."""

from hypothesis import given
from hypothesis import strategies as st

from backend.policy.backtest import Event, backtest
from backend.policy.reading import read_policy
from tests.unit.policy.layered import KINDS
from tests.unit.policy.worlds import a_document, documents

BY_RULE = {kind[0]: kind for kind in KINDS}
BLOCKS = read_policy(a_document(families={"contact": {"action": "block"}}))
WARNS = read_policy(a_document(families={"contact": {"action": "warn"}}))
FLAGS = read_policy(a_document(families={"contact": {"action": "flag"}}))
MAIL: Event = ((("email-address",), "approved"), "ann", 1)
CLEAN: Event = (((), "approved"), "bob", 7)
events = st.lists(
    st.tuples(
        st.tuples(
            st.lists(st.sampled_from([*BY_RULE, "gone"]), max_size=3).map(tuple),
            st.sampled_from(("approved", "unknown", "prohibited")),
        ),
        st.sampled_from(("ann", "bob", "cy")),
        st.integers(1, 5),
    ),
    max_size=30,
)


def test_events_people_and_disclosures_are_counted() -> None:
    given_events: list[Event] = [MAIL, (MAIL[0], "ann", 3), (MAIL[0], "cy", 1), CLEAN]
    found = backtest(given_events, BLOCKS, FLAGS, BY_RULE)
    assert (found.events, found.changed, found.people) == (12, 5, 2)
    assert (found.stricter, found.milder) == (0, 5)
    assert (found.disclosures_more, found.disclosures_fewer) == (5, 0)
    assert found.moves == {("block", "flag"): 5}


def test_from_block_to_warn_discloses_nothing_by_itself() -> None:
    found = backtest([MAIL], BLOCKS, WARNS, BY_RULE)
    assert (found.changed, found.disclosures_more) == (1, 0)


def test_rules_without_a_past_are_named() -> None:
    draft = read_policy(
        a_document(
            rules={"us-ssn": {"action": "block"}, "email-address": {"action": "block"}},
            custom={"keywords": {"projects": {"name": "P", "words": ["falcon"]}}},
        )
    )
    found = backtest([MAIL, ((("gone",), "approved"), "ann", 1)], FLAGS, draft, BY_RULE)
    assert found.unseen_rules == ("custom-projects", "us-ssn")
    assert found.unknown_rules == ("gone",)


@given(events, documents)
def test_the_same_policy_changes_nothing(
    recorded: list[Event], document: dict[str, object]
) -> None:
    policy = read_policy(document)
    found = backtest(recorded, policy, policy, BY_RULE)
    assert (found.changed, found.people, found.moves) == (0, 0, {})
    assert found.events == sum(times for _, _, times in recorded)


@given(events, documents, documents)
def test_there_and_back_are_mirrors(
    recorded: list[Event], one: dict[str, object], other: dict[str, object]
) -> None:
    there = backtest(recorded, read_policy(one), read_policy(other), BY_RULE)
    back = backtest(recorded, read_policy(other), read_policy(one), BY_RULE)
    assert (there.changed, there.people) == (back.changed, back.people)
    assert (there.stricter, there.disclosures_more) == (back.milder, back.disclosures_fewer)
