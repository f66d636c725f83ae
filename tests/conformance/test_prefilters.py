"""What the detector leaves out changes no answer: every rule tried on every text finds the same."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from random import Random
from typing import Any

from backend.detection.dialect import constants, parsed
from backend.detection.engine import Detector
from backend.detection.excerpts import NEAR, WIDE
from backend.detection.linear import Linear
from backend.detection.numbers import Numbers, numbered
from backend.detection.recognizers.base import Reading
from backend.detection.recognizers.pattern import PatternRecognizer
from backend.detection.recognizers.search import Search
from backend.detection.rulebook import Rulebook
from tests.conformance.javascript import answered
from tests.conformance.test_altered_texts import altered_texts
from tests.rulebooks import detector, rulebook

RULEBOOK = rulebook()
TEXTS = 50


class Exact(Search):
    """Asks the pattern as it is, limits and groups and all."""

    @cached_property
    def _quick(self) -> Linear:
        return self._exact

    @cached_property
    def _always(self) -> int:
        return 1 << 62


class Exhaustive(Detector):
    """Tries every rule on all of a text; keywords, where it has any, are a part of what it says."""

    def __init__(self, rulebook: Rulebook) -> None:
        super().__init__(rulebook)
        for one in self._recognizers:
            if isinstance(one, PatternRecognizer):
                rule = one.rule
                one.search = Exact(rule.pattern, rule.boundary, ignore_case=rule.ignore_case)

    def _possible(self, read: Sequence[Reading]) -> list[Numbers]:
        return [numbered(self._tried(reading)) for reading in read]

    def _tried(self, reading: Reading) -> Iterator[int]:
        reading.excerpts[NEAR] = reading.excerpts[WIDE] = reading.excerpts[0]
        for number, one in enumerate(self.rulebook.rules):
            is_asked_last = one.topic is not None
            if (
                not is_asked_last
                and (one.is_checked or not reading.view.is_joined)
                and (not one.keywords or any(word in reading.plain for word in one.keywords))
            ):
                yield number


def test_leaving_out_rules_and_parts_of_texts_changes_no_answer() -> None:
    quick, exhaustive = detector(), Exhaustive(RULEBOOK)
    chance = Random(4)  # noqa: S311 -- the same texts every time
    texts = chance.sample(altered_texts(4), TEXTS)
    far = "\n".join(text + " and so on" * chance.randrange(40) for text in texts[:20])
    found = [exhaustive.detect(text) for text in (*texts, far)]
    assert sum(map(len, found)) > TEXTS / 4
    assert [quick.detect(text) for text in (*texts, far)] == found


def may_hold(items: Any, sign: str) -> bool:
    """Whether some match of a parsed pattern may hold a character."""
    return any(_may_be(operation, argument, ord(sign)) for operation, argument in items)


def _may_be(operation: Any, argument: Any, code: int) -> bool:
    if operation is constants.SUBPATTERN:
        return may_hold(argument[3], chr(code))
    if operation is constants.BRANCH:
        return any(may_hold(branch, chr(code)) for branch in argument[1])
    if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        return may_hold(argument[2], chr(code))
    if operation is constants.LITERAL:
        return bool(argument == code)
    if operation is constants.NOT_LITERAL:
        return bool(argument != code)
    assert operation is constants.IN
    is_negated = argument[0][0] is constants.NEGATE
    spans = [
        (one, one) if kind is constants.LITERAL else one for kind, one in argument[is_negated:]
    ]
    return any(first <= code <= last for first, last in spans) is not is_negated


def test_what_no_match_is_larger_than_follows_from_the_pattern() -> None:
    patterns = [rule.pattern for rule in RULEBOOK.rules if rule.pattern]
    extents = dict(zip(patterns, answered(["extent_lines.mjs"], patterns), strict=True))
    assert set(extents.values()) == {"text", "line", "word"}
    wrong = {
        pattern: extent
        for pattern, extent in extents.items()
        if (extent != "text" and may_hold(parsed(pattern), "\n"))
        or (extent == "word" and may_hold(parsed(pattern), " "))
    }
    assert wrong == {}
