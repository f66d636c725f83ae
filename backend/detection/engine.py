"""The detector: one pass for literals, then only the rules that can match, each verified."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import ahocorasick_rs

from backend.detection.context import Words, is_whole_word
from backend.detection.entropy import bits_per_character
from backend.detection.finding import Finding
from backend.detection.normalise import Normalised, folded, normalise
from backend.detection.recognizers.base import Candidate, Reading, Recognizer
from backend.detection.recognizers.pattern import PatternRecognizer
from backend.detection.recognizers.phone import PhoneRecognizer
from backend.detection.rulebook import Rule, Rulebook
from backend.detection.spans import without_overlaps
from backend.detection.validators import VALIDATORS

LEAST_CONFIDENCE: Final = 0.5
_ANCHORS: Final = {"digits": "0123456789", "at": "@", "none": ""}


class Detector:
    """A rulebook ready to be applied. Safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.version = rulebook.version
        self._recognizers = tuple(_recognizer(rule) for rule in rulebook.rules)
        gates: defaultdict[str, list[int]] = defaultdict(list)
        self._context_words = {word for rule in rulebook.rules for word in (*rule.context.words,)}
        self._ungated: list[tuple[int, str]] = []
        for number, rule in enumerate(rulebook.rules):
            if not rule.gate:
                self._ungated.append((number, _ANCHORS[rule.anchor]))
            for literal in rule.gate:
                gates[literal].append(number)
        self._literals = sorted(self._context_words | gates.keys())
        self._opened = [tuple(gates.get(literal, ())) for literal in self._literals]
        self._is_context = [literal in self._context_words for literal in self._literals]
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._literals, implementation=ahocorasick_rs.Implementation.DFA
        )

    def detect(self, text: str) -> tuple[Finding, ...]:
        """Return what the rulebook finds in `text`, without overlaps, in text order."""
        normalised = normalise(text)
        plain = folded(normalised.text)
        opened, words = self._prefilter(plain)
        if not opened:
            return ()
        reading = Reading(
            normalised.text, normalised.text.encode("utf-8", "replace"), Words(plain, words)
        )
        found = [
            finding
            for number in opened
            for finding in self._apply(self._recognizers[number], reading, normalised)
        ]
        return without_overlaps(found)

    def _prefilter(self, plain: str) -> tuple[list[int], dict[str, list[int]]]:
        """Return which rules may match at all, and where the context words stand."""
        opened: set[int] = set()
        words: defaultdict[str, list[int]] = defaultdict(list)
        for literal, start, end in self._automaton.find_matches_as_indexes(plain, overlapping=True):
            opened.update(self._opened[literal])
            if self._is_context[literal] and is_whole_word(plain, start, end):
                words[self._literals[literal]].append(start)
        for number, anchors in self._ungated:
            if not anchors or any(anchor in plain for anchor in anchors):
                opened.add(number)
        return sorted(opened), words

    def _apply(
        self, recognizer: Recognizer, reading: Reading, normalised: Normalised
    ) -> Iterator[Finding]:
        rule = recognizer.rule
        for candidate in recognizer.candidates(reading):
            value = reading.text[candidate.start : candidate.end]
            if not _is_plausible(rule, value):
                continue
            word, confidence = _context(rule, reading.words, candidate)
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
    plain = folded(value)
    return not any(word in plain for word in rule.stop_words)


def _context(rule: Rule, words: Words, candidate: Candidate) -> tuple[str | None, float]:
    wanted = rule.context
    if wanted.need == "label":
        word = words.label(wanted.words, candidate.match_start)
    else:
        word = words.near(wanted.words, candidate.match_start, candidate.match_end, wanted.within)
    if word is not None:
        return word, rule.confidence_with_context
    return None, rule.confidence if wanted.need == "none" else 0.0
