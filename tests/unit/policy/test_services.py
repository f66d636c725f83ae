"""How an AI service stands for somebody: the nearest decision holds, of several the strictest."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from backend.policy.actions import ServiceStatus
from backend.policy.services import Decision, Grant, standing

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
BILLING = UUID(int=7)
STRICTNESS = ["approved", "tolerated", "under_review", "prohibited"]

days = st.integers(-3, 3).map(lambda count: TODAY + timedelta(days=count))
decisions = st.lists(
    st.builds(
        Decision,
        st.sampled_from([ServiceStatus(one) for one in STRICTNESS]),
        st.none() | days,
        group_id=st.none() | st.just(BILLING),
    ),
    max_size=4,
)
grants = st.lists(
    st.builds(Grant, st.integers(-48, 48).map(lambda hours: NOW + timedelta(hours=hours))),
    max_size=2,
)


def a_decision(status: str, review_due: date | None = None, group: UUID | None = None) -> Decision:
    return Decision(ServiceStatus(status), review_due, group_id=group)


def test_a_service_nobody_decided_about_is_unknown() -> None:
    assert standing([], [], NOW).status is ServiceStatus.UNKNOWN


def test_a_decision_of_a_group_goes_before_the_clients_own() -> None:
    found = standing([a_decision("prohibited"), a_decision("tolerated", TODAY, BILLING)], [], NOW)
    assert (found.status, found.because) == (ServiceStatus.TOLERATED, "group")


def test_a_decision_of_a_group_falls_away_on_the_day_after_its_review() -> None:
    both = [a_decision("prohibited"), a_decision("tolerated", TODAY, BILLING)]
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    found = standing(both, [], NOW)
    assert (found.until, found.otherwise) == (midnight, ServiceStatus.PROHIBITED)
    assert standing(both, [], midnight).status is ServiceStatus.PROHIBITED


def test_the_clients_own_decision_counts_as_under_review_when_its_review_is_overdue() -> None:
    approved = [a_decision("approved", TODAY - timedelta(days=1))]
    assert standing(approved, [], NOW).status is ServiceStatus.UNDER_REVIEW


def test_a_request_that_was_approved_holds_to_the_second_and_not_longer() -> None:
    prohibited, ends_at = [a_decision("prohibited")], NOW + timedelta(minutes=5)
    found = standing(prohibited, [Grant(ends_at)], NOW)
    assert (found.status, found.because) == (ServiceStatus.TOLERATED, "request")
    assert (found.until, found.otherwise) == (ends_at, ServiceStatus.PROHIBITED)
    assert standing(prohibited, [Grant(ends_at)], ends_at).status is ServiceStatus.PROHIBITED


@given(decisions, grants)
def test_what_is_said_to_end_ends_then_and_changes_nothing_before(
    made: list[Decision], given_: list[Grant]
) -> None:
    found = standing(made, given_, NOW)
    assert (found.until is None) == (found.otherwise is None)
    if found.until is None:
        assert standing(made, given_, NOW + timedelta(days=9)).status is found.status
    else:
        just_before = standing(made, given_, found.until - timedelta(microseconds=1))
        assert just_before.status is found.status
        assert standing(made, given_, found.until).status is found.otherwise


@given(decisions, st.sampled_from(STRICTNESS))
def test_another_decision_of_the_client_never_makes_it_milder(
    made: list[Decision], status: str
) -> None:
    own = [one for one in made if one.group_id is None]
    before = standing(own, [], NOW).status
    after = standing([*own, a_decision(status)], [], NOW).status
    if before is not ServiceStatus.UNKNOWN:
        assert STRICTNESS.index(after) >= STRICTNESS.index(before)


@given(decisions, grants)
def test_the_order_in_which_decisions_come_makes_no_difference(
    made: list[Decision], given_: list[Grant]
) -> None:
    backwards = standing(made[::-1], given_[::-1], NOW)
    assert backwards.status is standing(made, given_, NOW).status
