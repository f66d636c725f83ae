"""Who asks too often waits; who asks rarely never notices."""

import pytest

from backend.core.throttle import MOST_KEYS, Throttle, network_of


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def test_the_sixth_of_five_in_a_minute_waits_twelve_seconds(seconds: Seconds) -> None:
    throttle = Throttle(5, 60, seconds)
    assert [throttle.wait_seconds("ann") for _ in range(5)] == [0.0] * 5
    assert throttle.wait_seconds("ann") == pytest.approx(12)


def test_after_the_wait_one_more_is_allowed(seconds: Seconds) -> None:
    throttle = Throttle(5, 60, seconds)
    for _ in range(6):
        throttle.wait_seconds("ann")
    seconds.now += 12.1
    assert throttle.wait_seconds("ann") == 0
    assert throttle.wait_seconds("ann") > 0


def test_asking_while_waiting_does_not_make_the_wait_longer(seconds: Seconds) -> None:
    throttle = Throttle(5, 60, seconds)
    waits = [throttle.wait_seconds("ann") for _ in range(50)]
    assert max(waits) == pytest.approx(12)


def test_one_key_never_slows_another(seconds: Seconds) -> None:
    throttle = Throttle(1, 60, seconds)
    throttle.wait_seconds("ann")
    assert throttle.wait_seconds("ben") == 0


def test_a_call_given_back_can_be_made_again_and_no_more_than_that(seconds: Seconds) -> None:
    throttle = Throttle(2, 60, seconds)
    for _ in range(10):
        assert throttle.wait_seconds("ann") == 0
        throttle.give_back("ann")
    throttle.give_back("ann")
    assert [throttle.wait_seconds("ann") > 0 for _ in range(3)] == [False, False, True]


def test_giving_back_what_nobody_took_changes_nothing(seconds: Seconds) -> None:
    throttle = Throttle(1, 60, seconds)
    throttle.give_back("nobody")
    assert throttle.wait_seconds("nobody") == 0
    assert throttle.wait_seconds("nobody") > 0


def test_a_million_keys_do_not_fill_the_memory(seconds: Seconds) -> None:
    throttle = Throttle(1, 60, seconds)
    for number in range(MOST_KEYS + 100):
        throttle.wait_seconds(str(number))
    assert throttle.wait_seconds(str(MOST_KEYS + 99)) > 0
    assert throttle.wait_seconds("0") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_line_is_counted_once_however_many_addresses_it_has(address: str, network: str) -> None:
    assert network_of(address) == network
