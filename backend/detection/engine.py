"""The detector: every reading of a text, searched for literals, then by rules that can match."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import ahocorasick_rs

from backend.detection.acceleration import Accelerator
from backend.detection.context import Words
from backend.detection.finding import Finding
from backend.detection.looks import looks
from backend.detection.normalise import folded
from backend.detection.recognizers.base import Reading, Recognizer
from backend.detection.recognizers.pattern import PatternRecognizer
from backend.detection.recognizers.phone import PhoneRecognizer
from backend.detection.rulebook import LONGEST_ALONE, Rule, Rulebook
from backend.detection.shapes import Shapes
from backend.detection.spans import without_overlaps, worst_of_each_span
from backend.detection.unveiling import readings
from backend.detection.verification import verified
from backend.detection.views import View

_Place = tuple[int, int, int]


class Detector:
    """A rulebook ready to be applied. Safe to share between threads.

    An accelerated one becomes several times quicker some seconds after it was made, where there is
    hyperscan; the answers are the same.
    """

    def __init__(self, rulebook: Rulebook, *, is_accelerated: bool = False) -> None:
        self.rulebook = rulebook
        self.version = rulebook.version
        rules = rulebook.rules
        self._recognizers = tuple(_recognizer(rule) for rule in rules)
        gates: defaultdict[str, list[int]] = defaultdict(list)
        for number, rule in enumerate(rules):
            for literal in rule.gate:
                gates[literal].append(number)
        self._ungated = frozenset(n for n, rule in enumerate(rules) if not rule.gate)
        self._alone = frozenset(n for n, rule in enumerate(rules) if rule.may_stand_alone)
        self._checked = frozenset(n for n, rule in enumerate(rules) if rule.is_checked)
        self._shapes = Shapes(rules)
        self._looks = tuple(looks([(n, rules[n]) for n in sorted(self._ungated)]))
        context_words = {word for rule in rules for word in rule.context.words}
        parts = {w for rule in rules if rule.context.edges == "parts" for w in rule.context.words}
        self._literals = sorted(context_words | gates.keys())
        self._opened = [tuple(gates.get(literal, ())) for literal in self._literals]
        self._is_context = [literal in context_words for literal in self._literals]
        self._may_be_part = [literal in parts for literal in self._literals]
        # As a DFA ten thousand literals take 36 MiB, and a text a quarter less time.
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._literals, implementation=ahocorasick_rs.Implementation.ContiguousNFA
        )

        self.accelerator = Accelerator(rules) if is_accelerated else None
        if self.accelerator is not None:
            self.accelerator.start()

    def detect(self, text: str) -> tuple[Finding, ...]:
        """Return what the rulebook finds in `text`, without overlaps, in text order."""
        return without_overlaps(*(self._found(view) for view in readings(text)))

    def _found(self, view: View) -> list[Finding]:
        plain = folded(view.text)
        encoded = view.text.encode("utf-8", "replace")
        numbers = self.accelerator.opened(encoded) if self.accelerator is not None else None
        places = self._places(plain) if numbers is None else None
        wanted = self._opened_by(places) if places is not None else numbers or set()
        opened = self._possible(wanted, encoded, view)
        if not opened:
            return []
        places = self._places(plain) if places is None else places
        words, parts = Words.standing(view.text, plain, self._context(places))
        reading = Reading(view, encoded, words, parts)
        found = [finding for recognizer in opened for finding in verified(recognizer, reading)]
        return found if view.changed is None else worst_of_each_span(found)

    def _places(self, plain: str) -> Sequence[_Place]:
        found: Sequence[_Place] = self._automaton.find_matches_as_indexes(plain, overlapping=True)
        return found

    def _opened_by(self, places: Sequence[_Place]) -> AbstractSet[int]:
        found = {literal for literal, _, _ in places}
        return self._ungated.union(*map(self._opened.__getitem__, found))

    def _possible(self, opened: AbstractSet[int], encoded: bytes, view: View) -> list[Recognizer]:
        """Return the recognizers of the rules that may match at all, in the rulebook's order.

        What was joined is read by rules alone that know more of a value than its shape.
        """
        wanted = opened | self._alone if len(view.text) <= LONGEST_ALONE else opened
        possible = wanted & self._shapes.possible(encoded)
        possible = possible & self._checked if view.is_joined else possible
        for look in self._looks:
            if len(possible & look.rules) > 1 and not look.matches(encoded):
                possible -= look.rules
        return [self._recognizers[number] for number in sorted(possible)]

    def _context(self, places: Sequence[_Place]) -> Sequence[tuple[str, int, int, bool]]:
        words, is_context, may_be_part = self._literals, self._is_context, self._may_be_part
        return [
            (words[literal], start, end, may_be_part[literal])
            for literal, start, end in places
            if is_context[literal]
        ]


def _recognizer(rule: Rule) -> Recognizer:
    return PhoneRecognizer(rule) if rule.recognizer == "phone" else PatternRecognizer(rule)
