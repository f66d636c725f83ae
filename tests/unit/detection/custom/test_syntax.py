"""A pattern as people write it becomes one of the dialect, or is refused with a reason."""

import itertools
import re

import pytest
import re2

from backend.detection.custom.syntax import PatternFault, translated
from backend.detection.dialect import faults

TEXTS = ["".join(letters) for letters in itertools.product("aB1_ -\n.", repeat=4)]


@pytest.mark.parametrize(
    "source",
    [
        r"\d{2}", r"\w+-", r"[^\d\s]b", r"a|B1", r"(?:a|B){2}_?", r".B", r"a.?1", r"(a)B", r"a{2,}",
        r"[\w-]{3}", r"\s\S", r"\.", r"[.\-_]1", r"a*?B", r"\x42", r"[^a]{2}B", r"(?i)ab",
        r"\D\D\D1",
    ],
)  # fmt: skip
def test_it_matches_what_re2_matches(source: str) -> None:
    made = translated(source)
    flags = "(?i)" if made.ignore_case else ""
    wanted, ours = re2.compile(source), re2.compile(flags + made.pattern)
    for text in TEXTS:
        one, other = wanted.search(text), ours.search(text)
        assert (one and one.span()) == (other and other.span()), text
    assert list(faults(made.pattern)) == []


def test_word_boundaries_become_the_boundary_of_the_rule() -> None:
    made = translated(r"\bORD-\d{5}\b")
    assert (made.pattern, made.boundary, made.ignore_case) == ("ORD-[0-9]{5}", "word", False)


def test_a_letter_beyond_ascii_stays_itself() -> None:
    made = translated("(?i)größe [äöü]+")
    assert made.ignore_case
    assert re.search(made.pattern, "größe äü")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "1 to 500 characters"),
        ("a" * 501, "1 to 500 characters"),
        ("(a", "refused by RE2"),
        (r"(a)\1", "refused by RE2"),
        ("(?=a)b", "refused by RE2"),
        ("(?<!a)b", "refused by RE2"),
        ("(?:a{1000}){1000}", "refused by RE2"),
        ("(?:[a-z]{0,200}){9}", "refused by RE2"),
        ("a{1,300}", "more than 256 times"),
        ("^ORD", "leave ^ and $ out"),
        ("ORD$", "leave ^ and $ out"),
        (r"\bORD", "at both ends"),
        (r"OR\bD", "at both ends"),
        ("a*", "matches nothing at all"),
        ("(?:|a)", "matches nothing at all"),
        (r"\b\b", "at both ends"),
        ("(a)(b)", "more than one group"),
        (r"[^\W\d]", "write the characters out"),
        ("a(?i:b)", "switches a flag"),
    ],
)
def test_what_cannot_be_kept_in_bounds_is_refused(source: str, why: str) -> None:
    with pytest.raises(PatternFault, match=re.escape(why)):
        translated(source)
