"""Numbers that a browser counts up: one that never comes is missed, one that comes late is not."""

from hypothesis import given
from hypothesis import strategies as st

from backend.services.event_numbers import MOST_GAPS, EventNumbers


def after(*numbers: int, known: EventNumbers = EventNumbers()) -> EventNumbers:  # noqa: B008 -- a value
    for number in numbers:
        known = known.after([(number, False)])
    return known


def test_numbers_in_their_order_leave_nothing_missing() -> None:
    known = after(1, 2, 3)
    assert (known.highest, known.missing, known.restarts) == (3, 0, 0)


def test_one_that_never_comes_is_missed_until_it_comes() -> None:
    known = after(1, 4)
    assert (known.gaps, known.missing) == (((2, 3),), 2)
    assert after(2, known=known).gaps == ((3, 3),)
    assert after(3, 2, known=known).missing == 0


def test_the_word_of_a_browser_shows_what_is_missing_at_the_end() -> None:
    assert after(1, 2).after_word(5).gaps == ((3, 5),)
    assert after(1, 2).after_word(2).missing == 0


def test_a_batch_told_once_more_changes_nothing() -> None:
    known = after(1, 2, 3)
    assert known.after([(2, True), (3, True)]) == known


def test_a_browser_that_counts_anew_is_noticed_and_followed() -> None:
    known = after(1, 2, 3, 1, 2, 4)
    assert (known.restarts, known.highest, known.gaps) == (1, 4, ((3, 3),))


def test_many_gaps_are_counted_though_not_all_are_named() -> None:
    known = after(*range(2, 2 * MOST_GAPS + 20, 2))
    assert len(known.gaps) == MOST_GAPS
    assert known.missing == known.highest // 2


@given(st.permutations(range(1, 12)), st.sets(st.integers(1, 11)))
def test_whatever_the_order_exactly_the_lost_ones_are_missing(
    order: list[int], lost: set[int]
) -> None:
    came = [number for number in order if number not in lost]
    known = EventNumbers().after([(number, False) for number in came]).after_word(11)
    assert known.missing == len(lost)
    assert EventNumbers.of(known.stored()) == known
