"""Digests that compare within one client and nowhere else."""

from backend.core.identifiers import uuid7
from backend.core.signing import KeyRing
from backend.detection.finding import Finding
from backend.services.value_digests import ValueDigests

DIGESTS = ValueDigests(KeyRing.from_master(b"m" * 32))
OTHER_KEYS = ValueDigests(KeyRing.from_master(b"n" * 32))
TEXT = "first 536-90-4399 then 536-90-4399"
FIRST = Finding("us-ssn", "US_SSN", "pii", "government-id", "high", 6, 17, 0.9)
SECOND = Finding("us-ssn", "US_SSN", "pii", "government-id", "high", 23, 34, 0.9)


def test_equal_values_of_one_client_have_equal_digests() -> None:
    first, second = DIGESTS.of(uuid7(), TEXT, (FIRST, SECOND))
    assert first == second
    assert len(first) == 64


def test_digests_of_two_clients_or_two_masters_do_not_compare() -> None:
    client = uuid7()
    digests = {
        *DIGESTS.of(client, TEXT, (FIRST,)),
        *DIGESTS.of(uuid7(), TEXT, (FIRST,)),
        *OTHER_KEYS.of(client, TEXT, (FIRST,)),
    }
    assert len(digests) == 3


def test_half_a_surrogate_pair_is_digested_like_anything_else() -> None:
    (digest,) = DIGESTS.of(uuid7(), "\ud800" * 20, (FIRST,))
    assert len(digest) == 64
