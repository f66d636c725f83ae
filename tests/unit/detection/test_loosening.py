"""A pattern without its upper limits finds what the pattern finds, wherever no limit is passed."""

import pytest

from backend.detection.linear import Linear
from backend.detection.loosening import loosened, without_groups
from backend.detection.recognizers.search import BOUNDARIES, Search, bounded

PATTERNS = [
    "[0-9]{4,20}",
    "(?:[a-z]{1,16}[.]){1,3}[a-z]{2,24}",
    "key[^0-9]{0,24}?[ ]([0-9]{2,18})",
    "\\p{Lu}[A-Za-z\u00c0-\u017f]{1,17}",
    "[a-z(]{2,16}",
    "x{3,19}y?",
    "[0-9]{1,16}()|[0-9a-f]{2,40}",
]
TEXTS = [
    "", "1234", "a1234567890123456789012345 1234", "12345 and 1", "é1234é", "(ab(", "xxxxy",
    "a.b.cd " + "z" * 30 + ".de", "key " + "k" * 30 + " 12 key: 123456 é", "x" * 40 + "y xxxy",
    "Ångström Österreich Élisabeth", "0123456789abcdef0123456789abcdef01234567 ab12",
    "K" + "s" * 30 + " Ab", "1" * 17 + "-" + "2" * 16, "12 34\n56",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("ignore_case", [True, False])
def test_matches_are_those_of_the_pattern_itself(
    pattern: str, boundary: str, *, ignore_case: bool
) -> None:
    search = Search(pattern, boundary, ignore_case=ignore_case)
    exact = Linear(bounded(pattern, boundary, ignore_case=ignore_case))
    for encoded in map(str.encode, TEXTS):
        position = 0
        while spans := search.first(encoded, position):
            expected = exact.groups(encoded, position)
            value = expected[-1] if expected[-1] != (-1, -1) else expected[1]
            assert spans == (expected[1], value)
            position = spans[0][1]
        assert exact.groups(encoded, position)[0] == (-1, -1)


def test_small_limits_and_those_of_groups_and_lazy_repeats_stay() -> None:
    loose = loosened("[0-9]{2,8}(?:ab){0,20}[^:{]{3,40}x{1,30}?", ignore_case=False)
    assert loose.pattern == "[0-9]{2,8}(?:ab){0,20}[^:{]{3,}x{1,30}?"
    assert loose.limits == (("[^:{]", 40),)


def test_only_groups_that_capture_are_taken_away() -> None:
    assert without_groups("(?i)(a(?:b)[(]\\()") == "(?i)(?:a(?:b)[(]\\()"
