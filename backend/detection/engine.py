"""The detector: every reading of a text, searched for literals, then by rules that can match."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from backend.detection.alone import is_nothing_but, others, shaped_alike
from backend.detection.finding import Finding
from backend.detection.literals import Literals, WholeWords, by_literal, by_word
from backend.detection.looks import looks
from backend.detection.normalise import normalise
from backend.detection.numbers import Numbers, members, numbered
from backend.detection.recognizers.base import Reading, Recognizer
from backend.detection.recognizers.model import ModelRecognizer
from backend.detection.recognizers.pattern import PatternRecognizer
from backend.detection.recognizers.phone import PhoneRecognizer
from backend.detection.recognizers.words import WordsRecognizer
from backend.detection.rulebook import LONGEST_ALONE, Rule, Rulebook
from backend.detection.shapes import Shapes
from backend.detection.spans import without_overlaps, worst_of_each_span
from backend.detection.unveiling import readings
from backend.detection.verification import is_opened, verified
from backend.detection.views import View


class Detector:
    """A rulebook ready to be applied. Safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.version = rulebook.version
        rules = rulebook.rules
        self._recognizers = tuple(_recognizer(rule) for rule in rules)
        self._beside = tuple(one for one in self._recognizers if one.rule.alone == "beside")
        self._ungated = _numbers(rules, lambda rule: not rule.gate)
        self._alone = _numbers(rules, lambda rule: rule.may_stand_alone)
        self._checked = _numbers(rules, lambda rule: rule.is_checked)
        self._shapes = Shapes(rules)
        self._company = {rule.id: rule.company for rule in rules if rule.company}
        self._looks = tuple(looks(rules))
        self._literals = Literals(by_literal(rules), by_word(rules, "parts"))
        self._words = WholeWords(by_word(rules, "whole"))

    def prepare(self) -> None:
        """Read the model and compile what looks need now, and not while somebody waits."""
        self.detect("")
        for look in self._looks:
            look.prepare()

    def detect(self, text: str) -> tuple[Finding, ...]:
        """Return what the rulebook finds in `text`, without overlaps, in text order."""
        return without_overlaps(*self._in_company([self._found(view) for view in readings(text)]))

    def alternatives(self, text: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return what else the values may be of a text that is nothing but what was `found`."""
        if not found or not is_nothing_but(text, [(one.start, one.end) for one in found]):
            return ()
        views = list(readings(text))
        likely = chain(*map(self._found, views))
        possible = shaped_alike(self._beside, self._reading(views[0]))
        return others(found, chain(likely, possible))

    def _found(self, view: View) -> list[Finding]:
        reading = self._reading(view)
        found = [
            finding
            for recognizer in self._possible(reading)
            for finding in verified(recognizer, reading)
        ]
        return worst_of_each_span(found) if view.is_decoded else found

    def _in_company(self, found: Sequence[list[Finding]]) -> Iterator[list[Finding]]:
        """Yield what was found, without what counts only beside something that was not found.

        A word that was found with it is company enough. What wants company itself is none.
        """
        there = {
            name
            for one in chain(*found)
            if one.context is not None or one.rule not in self._company
            for name in (one.family, one.type)
        }
        wanted = {
            name: company for name, company in self._company.items() if company.isdisjoint(there)
        }
        for some in found:
            yield [one for one in some if one.context is not None or one.rule not in wanted]

    def attempts(self, text: str) -> Iterator[tuple[Rule, bool]]:
        """Yield each rule that a text as it stands opens, and whether its pattern matches."""
        reading = self._reading(normalise(text))
        for number in members(self._opened(reading)):
            recognizer = self._recognizers[number]
            if is_opened(recognizer.rule, reading):
                yield recognizer.rule, bool(recognizer.candidates(reading))

    def _reading(self, view: View) -> Reading:
        return Reading(view, self._words, self._literals)

    def _possible(self, reading: Reading) -> list[Recognizer]:
        """Return the recognizers of the rules that may match at all, in the rulebook's order."""
        possible = self._opened(reading)
        for look in self._looks:
            some = possible & look.rules
            if some & (some - 1):  # more than one
                possible ^= some & ~look.matching(reading)
        return [self._recognizers[number] for number in members(possible)]

    def _opened(self, reading: Reading) -> Numbers:
        """Return the rules whose gates are open.

        What was joined is read by rules alone that know more of a value than its shape.
        """
        possible = self._shapes.possible(reading.flat)
        if reading.view.is_joined:
            possible &= self._checked
        opened = self._ungated | self._literals.opened(reading.places)
        opened |= self._words.opened(reading.words.known)
        if len(reading.text) <= LONGEST_ALONE:
            opened |= self._alone
        return possible & opened


def _numbers(rules: Sequence[Rule], is_in: Callable[[Rule], bool]) -> Numbers:
    return numbered(number for number, rule in enumerate(rules) if is_in(rule))


_RECOGNIZERS: Final[Mapping[str, Callable[[Rule], Recognizer]]] = {
    "model": ModelRecognizer,
    "pattern": PatternRecognizer,
    "phone": PhoneRecognizer,
    "words": WordsRecognizer,
}


def _recognizer(rule: Rule) -> Recognizer:
    return _RECOGNIZERS[rule.recognizer](rule)
