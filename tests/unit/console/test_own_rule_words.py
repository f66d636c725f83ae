"""A client's own rules in words, pasted values, and ids made of names."""

from typing import Any

import pytest

from backend.console.own_rule_changes import own_rule_changes
from backend.console.own_rule_form import key_for
from backend.console.own_rule_values import PasteFault, kept_digests, kept_text, pasted
from backend.services.custom_detections import ValueDigest

LIST: dict[str, Any] = {
    "name": "Projects", "category": "pii", "severity": "high", "words": ["falcon", "heron"],
}  # fmt: skip
PATTERN: dict[str, Any] = {
    "name": "Orders", "category": "pii", "severity": "high", "pattern": "ORD-[0-9]{5}", "near": [],
}  # fmt: skip
KNOWN: dict[str, Any] = {
    "name": "Patients", "category": "phi", "severity": "high",
    "digests": ["a" * 32, "b" * 32], "lengths": [8],
}  # fmt: skip
ALLOWED: dict[str, Any] = {
    "name": "Reception", "digests": ["c" * 32], "type": None, "until": None,
}  # fmt: skip


def said(part: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Any]:
    """Return the words of one entry's change."""
    old, new = ({part: {"one": entry} if entry else {}} for entry in (before, after))
    return [words for _, words in own_rule_changes(old, new)]


@pytest.mark.parametrize(
    ("part", "before", "after", "expected"),
    [
        ("keywords", None, LIST, ("Keyword list “Projects” is new", "",
         "“falcon”, “heron”; personal data, severity high", "stricter")),
        ("keywords", LIST, LIST | {"words": ["falcon", "owl", "jay"]},
         ("Keyword list “Projects”: words", "2 words",
          "3 words: 2 new (“owl”, “jay”), 1 taken out (“heron”)", "")),
        ("keywords", LIST, LIST | {"words": ["falcon"]},
         ("Keyword list “Projects”: words", "2 words", "1 word: 1 taken out (“heron”)", "milder")),
        ("keywords", LIST, LIST | {"words": ["heron", "falcon"]},
         ("Keyword list “Projects”: words", "2 words", "2 words, reordered", "")),
        ("patterns", None, PATTERN, ("Pattern “Orders” is new", "",
         "ORD-[0-9]{5}; personal data, severity high", "stricter")),
        ("patterns", PATTERN, None, ("Pattern “Orders” is removed",
         "ORD-[0-9]{5}; personal data, severity high", "", "milder")),
        ("patterns", PATTERN, PATTERN | {"near": ["order"]},
         ("Pattern “Orders”: words near it", "none", "“order”", "milder")),
        ("patterns", PATTERN, PATTERN | {"name": "Parcels"},
         ("Pattern “Parcels”: name", "“Orders”", "“Parcels”", "")),
        ("values", KNOWN, KNOWN | {"digests": ["a" * 32, "b" * 32, "d" * 32]},
         ("List of known values “Patients”: values", "2 values", "3 values: 1 new", "stricter")),
        ("values", KNOWN, None, ("List of known values “Patients” is removed",
         "2 values; health data, severity high", "", "milder")),
        ("allowed", None, ALLOWED, ("List of allowed values “Reception” is new", "",
         "1 value, as any type, for good", "milder")),
        ("allowed", ALLOWED, ALLOWED | {"until": "2030-01-31"},
         ("List of allowed values “Reception”: how long", "for good", "until 2030-01-31",
          "stricter")),
        ("allowed", ALLOWED, ALLOWED | {"type": "PHONE_NUMBER"},
         ("List of allowed values “Reception”: only as", "any type", "phone number", "stricter")),
    ],
)  # fmt: skip
def test_a_change_of_an_own_rule_is_said_in_words_with_its_direction(
    part: str, before: Any, after: Any, expected: tuple[str, ...]
) -> None:
    assert said(part, before, after) == [expected]


def test_no_digest_is_ever_in_the_words() -> None:
    every = [
        *said("values", None, KNOWN), *said("values", KNOWN, KNOWN | {"digests": ["e" * 32]}),
        *said("allowed", ALLOWED, None),
    ]  # fmt: skip
    assert every
    assert not [word for words in every for word in words if "a" * 8 in word or "c" * 8 in word]


def test_a_long_list_is_told_by_its_first_words_and_a_number() -> None:
    [(_, _, after, _)] = said("keywords", None, LIST | {"words": [f"word{n}" for n in range(9)]})
    assert after.startswith("“word0”, “word1”, “word2”, “word3”, “word4” and 4 more;")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Ann Lee\nBob Ray\n\n", ("Ann Lee", "Bob Ray")),
        ('\ufeff"Lopez, Maria"\r\n"She said ""Ann"""\r\n', ("Lopez, Maria", 'She said "Ann"')),
        ("Ann Lee,,\nAnn Lee", ("Ann Lee",)),
        ("Lopez, Maria", ("Lopez, Maria",)),
        ("   \n", ()),
    ],
)
def test_one_value_a_line_or_one_column_is_taken(text: str, values: tuple[str, ...]) -> None:
    assert pasted(text) == values


@pytest.mark.parametrize(
    "line", ["Ann Lee;1962", "Ann Lee\t1962", "Lee,Ann", '"Lee","Ann"', "abc", "x" * 65, "a b " * 4]
)
def test_a_line_that_could_never_be_found_is_named_by_its_number_not_its_text(line: str) -> None:
    with pytest.raises(PasteFault) as refused:
        pasted(f"Known Person\n{line}")
    assert "Line 2 " in str(refused.value)
    assert line.strip() not in str(refused.value)


def test_digests_survive_their_way_through_a_form() -> None:
    digests = [ValueDigest("a" * 32, 4), ValueDigest("0" * 32, 64)]
    assert kept_digests(kept_text(digests)) == digests
    assert kept_digests("") == kept_digests("no digest.at all") == []


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        ("Order numbers", (), "order-numbers"),
        ("Ünïcode Näme!", (), "unicode-name"),
        ("Проекты", (), "rule"),
        ("Проекты", ("rule",), "rule-2"),
        ("Orders", ("orders", "orders-2"), "orders-3"),
        ("x" * 80, (), "x" * 40),
    ],
)
def test_an_id_is_made_of_the_name_and_is_new(name: str, taken: tuple[str, ...], key: str) -> None:
    assert key_for(name, {"keywords": {}, "allowed": {one: {} for one in taken}}) == key
