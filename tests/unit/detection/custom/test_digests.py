"""A known value is found however it is written, and by nobody without the key."""

import hashlib
import hmac

import pytest

from backend.detection.custom.digests import Digester, pieces, plain
from backend.detection.views import View

KEY = bytes(range(32))


@pytest.mark.parametrize(
    "written",
    ["(415) 555-0132", "415.555.0132", "4155550132", "４１５-555-0132", "415\u200b5550132"],
)
def test_a_value_is_its_letters_and_digits(written: str) -> None:
    assert plain(written) == "4155550132"


def test_the_digest_is_hmac_sha256_cut_to_128_bits() -> None:
    whole = hmac.new(KEY, b"4155550132", hashlib.sha256).hexdigest()
    assert Digester(KEY).of("4155550132") == whole[:32]


def test_two_keys_give_digests_that_never_match() -> None:
    assert Digester(KEY).of("annlee") != Digester(KEY[::-1]).of("annlee")


def test_only_runs_of_a_listed_length_are_looked_up() -> None:
    found = list(pieces(View("Ann Lee, 12"), frozenset({6, 8})))
    assert found == [("annlee", 0, 7), ("annlee12", 0, 11)]


def test_words_far_apart_are_no_value() -> None:
    assert list(pieces(View("Ann ... Lee"), frozenset({6}))) == []
