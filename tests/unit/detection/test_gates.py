"""What a pattern must match anyway: its literals, its run of digits, its widest gap."""

import pytest

from backend.detection.dialect import faults
from backend.detection.gaps import longest_word, widest_gap
from backend.detection.gates import (
    holds_one_of,
    least_digits,
    least_token,
    least_unbroken,
    required_literals,
    runs_reached,
    tokens_reached,
    unbroken_reached,
)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("sk_live_[0-9]{4}", ("sk_live_",)),
        ("(?:ghp|gho)_[0-9]{4}", ("gho_", "ghp_")),
        ("gh[pousr]_[0-9]{36}", ("gho_", "ghp_", "ghr_", "ghs_", "ghu_")),
        ("api[_-]?key", ("api-key", "api_key", "apikey")),
        ("[Aa][Bb][Cc]-[0-9]{2}", ("abc-",)),
        ("[0-9]Q~", tuple(f"{digit}q~" for digit in range(10))),
        ("x{0,3}token", ("token",)),
        ("(?:jan|january|feb)[0-9]{4}", ("feb", "jan")),
        ("[0-9]{3}-[0-9]{4}", ()),
        ("(?:abc)?[0-9]{3}", ()),
        ("[a-z]{1,9}@[a-z]{2,9}", ("@",)),
        ("m\\p{L}rz", ()),
    ],
)
def test_required_literals_follow_from_the_pattern(pattern: str, literals: tuple[str, ...]) -> None:
    assert list(faults(pattern)) == []
    assert required_literals(pattern) == literals


@pytest.mark.parametrize(
    ("pattern", "digits"),
    [
        ("[0-9]{3}-[0-9]{2}-[0-9]{4}", 9),
        ("[0-9]{3}[ -]?[0-9]{3}", 6),
        ("[0-9]{2}(?:[ ][0-9]{2}){3}", 8),
        ("[0-9]{1,3}", 1),
        ("(?:[0-9]{4}|[A-Z]{4})[0-9]{2}", 2),
        ("[A-Z]{2}[0-9]{5}[A-Z][0-9]{3}", 5),
        ("[0-9]{3}x?[0-9]{3}", 3),
        ("[0-9K]{8}", 0),
        ("[a-z]{3}", 0),
    ],
)
def test_the_least_run_of_digits_follows_from_the_pattern(pattern: str, digits: int) -> None:
    assert list(faults(pattern)) == []
    assert least_digits(pattern) == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [("", 0), ("a1b22", 2), ("4111 1111-1111.1111", 16), ("12, 345", 3), ("١٢٣ 12", 2)],
)
def test_a_run_of_digits_goes_on_over_separators(text: str, digits: int) -> None:
    assert runs_reached(text.encode(), range(1, 30)) == digits


@pytest.mark.parametrize(
    ("pattern", "token"),
    [
        ("sk-[A-Za-z0-9_-]{20,40}", 23),
        ("[a-f0-9]{8}:[a-f0-9]{32}", 32),
        ("[0-9]{3}[ ]?[0-9]{3}", 3),
        ("(?:[a-z]{4}|[a-z]{9})[0-9]{2}", 6),
        ("ab(?:cd){2,9}", 6),
        ("[A-Za-z0-9+/]{40}", 0),
        ("[^a]{9}", 0),
    ],
)
def test_the_least_token_follows_from_the_pattern(pattern: str, token: int) -> None:
    assert least_token(pattern) == token


@pytest.mark.parametrize(
    ("text", "token"), [("", 0), ("a-b_c 1", 5), ("naïve", 2), ("a.b", 1), ("Az09-", 5)]
)
def test_a_token_ends_at_what_is_no_letter_digit_or_dash(text: str, token: int) -> None:
    assert tokens_reached(text.encode(), range(1, 30)) == token


@pytest.mark.parametrize(
    ("pattern", "unbroken"),
    [
        ("[A-Za-z0-9+/]{40}={0,2}", 40),
        ("pass[ ]?word", 4),
        ("key[:=][^ \n\t]{8}", 12),
        ("key=[^ ]{8}", 4),
        ("(?:ab|[^a-z\t\n -])x", 2),
        ("[!-~]{3}[\t-a]", 3),
    ],
)
def test_the_least_run_without_white_space_follows_from_the_pattern(
    pattern: str, unbroken: int
) -> None:
    assert least_unbroken(pattern) == unbroken


@pytest.mark.parametrize(
    ("text", "unbroken"), [("", 0), ("a+b/c= d", 6), ("naïve", 6), ("a\tb\nc d", 1)]
)
def test_white_space_alone_ends_what_is_unbroken(text: str, unbroken: int) -> None:
    assert unbroken_reached(text.encode(), range(1, 30)) == unbroken


@pytest.mark.parametrize(
    ("pattern", "gap"),
    [
        ("[0-9]{3}-[0-9]{2}", 1),
        ("[A-Z]{2}[0-9]{2}[A-Z0-9]{4,30}", 30),
        ("(?:no[ ])?[0-9]{3}", 3),
        ("[0-9](?:[a-z]{2}){1,4}[0-9]?", 8),
        ("(?:[0-9]|x)[a-z]", None),
        ("[0-9]?", None),
        ("(?:ab|[0-9]c)[0-9]de", 2),
    ],
)
def test_the_widest_gap_between_digits_follows_from_the_pattern(
    pattern: str, gap: int | None
) -> None:
    assert widest_gap(pattern) == gap


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        ("[0-9]{3}-[0-9]{2}", 0),
        ("[A-Z]{2}[0-9]{2}[A-Z0-9]{4,30}", 30),
        ("[A-Z]{2}[ -]?[0-9]{6}[A-D]?", 2),
        ("(?:AB|[0-9])C?[^x]", 4),
        ("no[0-9]x{0,5}y", 6),
    ],
)
def test_the_longest_word_of_a_match_follows_from_the_pattern(pattern: str, letters: int) -> None:
    assert longest_word(pattern) == letters


@pytest.mark.parametrize(
    "pattern",
    [
        "pass(?:word)?: [a-z]{1,9}",
        "(?:[a-z]{0,9}pass|pwd)=[0-9]{4}",
        "(?:my[ ])?(?:PASS|p(?:wd|ass))",
        "(?:pass[ ]){1,2}x",
        "(?:pa|pass)(?:ss)",
        "p(?:ass[a-z]{1,9}|wd)",
    ],
)
def test_every_match_holds_a_keyword_that_each_branch_has(pattern: str) -> None:
    assert holds_one_of(pattern, ["pass", "pwd"])


@pytest.mark.parametrize(
    "pattern",
    ["(?:pass|secret)=[0-9]{4}", "(?:pass)?[0-9]{4}", "(?:pwd){0,2}x", "pas\\p{L}", "(?:pa|pu)ss"],
)
def test_a_match_may_hold_no_keyword_where_a_branch_has_none(pattern: str) -> None:
    assert not holds_one_of(pattern, ["pass", "pwd"])
