"""The detector: one pass for literals, then only the rules that can match, each verified."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import ahocorasick_rs

from backend.detection.context import Words
from backend.detection.entropy import bits_per_character
from backend.detection.finding import Finding
from backend.detection.gates import longest_run
from backend.detection.normalise import Normalised, folded, normalise
from backend.detection.recognizers.base import Candidate, Reading, Recognizer
from backend.detection.recognizers.pattern import PatternRecognizer
from backend.detection.recognizers.phone import PhoneRecognizer
from backend.detection.rulebook import Rule, Rulebook
from backend.detection.spans import without_overlaps
from backend.detection.validators import VALIDATORS

LEAST_CONFIDENCE: Final = 0.5
_Place = tuple[int, int, int]


class Detector:
    """A rulebook ready to be applied. Safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.version = rulebook.version
        self._recognizers = tuple(_recognizer(rule) for rule in rulebook.rules)
        gates: defaultdict[str, list[int]] = defaultdict(list)
        context_words = {word for rule in rulebook.rules for word in rule.context.words}
        for number, rule in enumerate(rulebook.rules):
            for literal in rule.gate:
                gates[literal].append(number)
        self._ungated = frozenset(n for n, rule in enumerate(rulebook.rules) if not rule.gate)
        self._literals = sorted(context_words | gates.keys())
        self._opened = [tuple(gates.get(literal, ())) for literal in self._literals]
        self._is_context = [literal in context_words for literal in self._literals]
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._literals, implementation=ahocorasick_rs.Implementation.DFA
        )

    def detect(self, text: str) -> tuple[Finding, ...]:
        """Return what the rulebook finds in `text`, without overlaps, in text order."""
        normalised = normalise(text)
        plain = folded(normalised.text)
        places = self._automaton.find_matches_as_indexes(plain, overlapping=True)
        encoded = normalised.text.encode("utf-8", "replace")
        opened = self._opened_by(encoded, places)
        if not opened:
            return ()
        words = Words.whole(plain, self._context(places))
        reading = Reading(normalised.text, encoded, words)
        found = [
            finding for recognizer in opened for finding in _apply(recognizer, reading, normalised)
        ]
        return without_overlaps(found)

    def _opened_by(self, encoded: bytes, places: Sequence[_Place]) -> list[Recognizer]:
        """Return the recognizers whose rules may match at all, in the order of the rulebook."""
        opened = set(self._ungated)
        for literal in {literal for literal, _, _ in places}:
            opened.update(self._opened[literal])
        digits = longest_run(encoded)
        recognizers = (self._recognizers[number] for number in sorted(opened))
        return [one for one in recognizers if one.rule.least_digits <= digits]

    def _context(self, places: Sequence[_Place]) -> Iterator[tuple[str, int, int]]:
        for literal, start, end in places:
            if self._is_context[literal]:
                yield self._literals[literal], start, end


def _apply(recognizer: Recognizer, reading: Reading, normalised: Normalised) -> Iterator[Finding]:
    rule = recognizer.rule
    words = reading.words.present(rule.context.words)
    if not words and rule.context.need != "none":
        return
    for candidate in recognizer.candidates(reading):
        value = reading.text[candidate.start : candidate.end]
        if not _is_plausible(rule, value):
            continue
        word, confidence = _context(rule, words, reading.words, candidate)
        if confidence < LEAST_CONFIDENCE:
            continue
        start, end = normalised.original(candidate.start, candidate.end)
        yield Finding(
            rule=rule.id, type=rule.type, category=rule.category, family=rule.family,
            severity=rule.severity, start=start, end=end, confidence=confidence,
            context=word, validator=rule.validator,
        )  # fmt: skip


def _recognizer(rule: Rule) -> Recognizer:
    return PhoneRecognizer(rule) if rule.recognizer == "phone" else PatternRecognizer(rule)


def _is_plausible(rule: Rule, value: str) -> bool:
    if rule.validator is not None and not VALIDATORS[rule.validator](value):
        return False
    if rule.entropy is not None and bits_per_character(value) < rule.entropy:
        return False
    if not rule.stop_words:
        return True
    plain = folded(value)
    return not any(word in plain for word in rule.stop_words)


def _context(
    rule: Rule, words: Sequence[str], places: Words, candidate: Candidate
) -> tuple[str | None, float]:
    """Return the word of `words` that counts, and how sure the rule is with or without it."""
    wanted = rule.context
    word = None
    if words and wanted.need == "label":
        word = places.label(words, candidate.match_start)
    elif words:
        word = places.near(words, candidate.match_start, candidate.match_end, wanted.within)
    if word is not None:
        return word, rule.confidence_with_context
    return None, rule.confidence if wanted.need == "none" else 0.0
