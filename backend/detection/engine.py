"""The detector: every reading of a text, searched for literals, then by rules that can match."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import or_
from typing import Final

from backend.detection.alone import is_nothing_but, others, shaped_alike
from backend.detection.finding import Finding
from backend.detection.literals import (
    Literals,
    WholeWords,
    by_literal,
    by_word,
    words_of_labels,
)
from backend.detection.looks import looks
from backend.detection.normalise import normalise
from backend.detection.numbers import Numbers, members, numbered
from backend.detection.recognizers.base import Reading, Recognizer, mark_all
from backend.detection.recognizers.model import ModelRecognizer
from backend.detection.recognizers.pattern import PatternRecognizer
from backend.detection.recognizers.phone import PhoneRecognizer
from backend.detection.recognizers.topic import TopicRecognizer
from backend.detection.recognizers.words import WordsRecognizer
from backend.detection.rulebook import Rule, Rulebook
from backend.detection.shapes import Alone, Shapes
from backend.detection.spans import without_overlaps, without_vaguer, worst_of_each_span
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
        self._models = [one for one in self._recognizers if isinstance(one, ModelRecognizer)]
        self._beside = tuple(one for one in self._recognizers if one.rule.alone == "beside")
        self._topics = tuple(one for one in self._recognizers if one.rule.topic)
        self._ungated = _numbers(rules, lambda rule: not rule.gate and not rule.topic)
        self._alone = Alone(rules)
        self._checked = _numbers(rules, lambda rule: rule.is_checked)
        self._shapes = Shapes(rules)
        self._company = {rule.id: rule.company for rule in rules if rule.company}
        self._looks = tuple(looks(rules))
        self._literals = Literals(by_literal(rules), by_word(rules, "parts"))
        self._words = WholeWords(by_word(rules, "whole"), words_of_labels(rules))

    def prepare(self) -> None:
        """Read the model and compile what looks need now, and not while somebody waits."""
        self.detect("")
        for look in self._looks:
            look.prepare()

    def detect(self, text: str) -> tuple[Finding, ...]:
        """Return what the rulebook finds in `text`, without overlaps, in text order."""
        return self.detect_all([text])[0]

    def detect_all(self, texts: Sequence[str]) -> list[tuple[Finding, ...]]:
        """Return what `detect` does for each of some texts, in less time a text."""
        every = [[self._reading(view) for view in readings(text)] for text in texts]
        found = iter(self._found(list(chain(*every))))
        exact = [list(_without_vaguer(read, islice(found, len(read)))) for read in every]
        return [
            without_overlaps(*self._with_topics(self._in_company(some), read[0]))
            for some, read in zip(exact, every, strict=True)
        ]

    def _with_topics(
        self, found: Sequence[list[Finding]], reading: Reading
    ) -> Sequence[list[Finding]]:
        """Return what was found, with what the text speaks of where nothing says so by itself.

        `reading` is the text as it stands.
        """
        there = _kinds(chain(*found))
        for topic in self._topics:
            rule = topic.rule
            if rule.family not in there and not (rule.company and rule.company.isdisjoint(there)):
                found[0].extend(verified(topic, reading))
        return found

    def alternatives(self, text: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return what else the values may be of a text that is nothing but what was `found`."""
        if not found or not is_nothing_but(text, [(one.start, one.end) for one in found]):
            return ()
        read = [self._reading(view) for view in readings(text)]
        possible = shaped_alike(self._beside, read[0])
        return others(found, chain(*self._found(read), possible))

    def _found(self, read: Sequence[Reading]) -> list[list[Finding]]:
        """Return what is found in each reading.

        Whatever looks at them does so for all, one behind the other: what it needs is then near.
        """
        if self._models:
            marked = [one for one in read if not one.view.is_joined and one.view.labels is None]
            mark_all(marked, self._models[0].tagger)
        tried = defaultdict[int, list[int]](list)
        for place, possible in enumerate(self._possible(read)):
            for number in members(possible):
                if self._is_labelled(number, read[place]):
                    tried[number].append(place)
        found: list[list[Finding]] = [[] for _ in read]
        for number in sorted(tried):
            for place in tried[number]:
                found[place] += verified(self._recognizers[number], read[place])
        return [
            worst_of_each_span(some) if one.view.is_decoded else some
            for one, some in zip(read, found, strict=True)
        ]

    def _is_labelled(self, number: int, reading: Reading) -> bool:
        """Return whether a rule wants a word of a label, where labels were written out."""
        labelled = reading.labelled
        if labelled is None:
            return True
        context = self._recognizers[number].rule.context
        return context.edges == "whole" and not labelled.isdisjoint(context.word_set)

    def _in_company(self, found: Sequence[list[Finding]]) -> list[list[Finding]]:
        """Return what was found, without what counts only beside something that was not found.

        A word that was found with it is company enough. What is lonely itself is nobody's company.
        """

        def counting(some: Iterable[Finding]) -> list[Finding]:
            return [one for one in some if one.context is not None or one.rule not in lonely]

        lonely = {one.rule for one in chain(*found) if one.rule in self._company}
        while lonely:
            there = _kinds(counting(chain(*found)))
            left = {rule for rule in lonely if self._company[rule].isdisjoint(there)}
            if left == lonely:
                break
            lonely = left
        return [counting(some) for some in found]

    def attempts(self, text: str) -> Iterator[tuple[Rule, bool]]:
        """Yield each rule that a text as it stands opens, and whether its pattern matches."""
        reading = self._reading(normalise(text))
        for number in members(*self._opened([reading])):
            recognizer = self._recognizers[number]
            if is_opened(recognizer.rule, reading):
                yield recognizer.rule, bool(recognizer.candidates(reading))

    def _reading(self, view: View) -> Reading:
        return Reading(view, self._words, self._literals)

    def _possible(self, read: Sequence[Reading]) -> list[Numbers]:
        """Return the rules that may match at all in each reading."""
        possible = self._opened(read)
        for look in self._looks:
            for place, one in enumerate(read):
                some = possible[place] & look.rules
                if some & (some - 1):  # more than one
                    possible[place] ^= some & ~look.matching(one)
        return possible

    def _opened(self, read: Sequence[Reading]) -> list[Numbers]:
        """Return the rules whose gates are open in each reading."""
        by_literals = [self._literals.opened(one.standing.numbers) for one in read]
        by_words = [self._words.opened(one.words.known) for one in read]
        opened = map(or_, by_literals, by_words)
        return [
            self._shaped(one) & (some | self._ungated | self._alone.possible(one.flat))
            for one, some in zip(read, opened, strict=True)
        ]

    def _shaped(self, reading: Reading) -> Numbers:
        """Return the rules that the shape of a reading leaves possible.

        What was joined is read by rules alone that know more of a value than its shape.
        """
        possible = self._shapes.possible(reading.flat)
        return possible & self._checked if reading.view.is_joined else possible


def _without_vaguer(
    read: Sequence[Reading], found: Iterable[list[Finding]]
) -> Iterator[list[Finding]]:
    """Yield what each reading finds; a text and its labels in words are one."""
    first, *others = found
    if others and read[1].labelled is not None:
        first += others.pop(0)
    yield from map(without_vaguer, (first, *others))


def _kinds(found: Iterable[Finding]) -> set[str]:
    """Return the families and types of findings, which a rule may name as its company."""
    return {name for one in found for name in (one.family, one.type)}


def _numbers(rules: Sequence[Rule], is_in: Callable[[Rule], bool]) -> Numbers:
    return numbered(number for number, rule in enumerate(rules) if is_in(rule))


_RECOGNIZERS: Final[Mapping[str, Callable[[Rule], Recognizer]]] = {
    "model": ModelRecognizer,
    "pattern": PatternRecognizer,
    "phone": PhoneRecognizer,
    "topic": TopicRecognizer,
    "words": WordsRecognizer,
}


def _recognizer(rule: Rule) -> Recognizer:
    return _RECOGNIZERS[rule.recognizer](rule)
