"""Whether what has a rule's shape is a finding: checksum, randomness, stop words, context."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from backend.detection.alone import is_nothing_but
from backend.detection.context import Words
from backend.detection.entropy import bits_per_character
from backend.detection.finding import Finding, Tie
from backend.detection.harmless import is_named_harmless
from backend.detection.naming import LEAST_VALUE, is_one_more
from backend.detection.normalise import folded
from backend.detection.randomness import bits_per_pair, holds_a_sequence
from backend.detection.recognizers.base import Candidate, Reading, Recognizer
from backend.detection.rulebook import Rule
from backend.detection.validators import VALIDATORS

LEAST_CONFIDENCE: Final = 0.5
_LESS_ALONE: Final = 400
"""Thousandths."""
_NAMING: Final = frozenset({"label", "word"})
"""Where a word names a value, the next ones of a list have the same name."""
_MOST_LONGER: Final = 3
"""Values of a list are about as long as each other, but for those that have a checksum."""
_MOST_BETWEEN: Final = 48
"""More than any signs between two values of a list."""
NO_WORDS: Final[frozenset[str]] = frozenset()


def verified(recognizer: Recognizer, reading: Reading) -> Iterable[Finding]:
    """Return what `recognizer` finds in one view of a text, in offsets of the original.

    It is called a dozen times a text and mostly finds nothing, so that comes first and costs least.
    """
    rule = recognizer.rule
    if not is_opened(rule, reading):
        return ()
    candidates = recognizer.candidates(reading)
    return _findings(rule, _words(rule, reading), reading, candidates) if candidates else ()


def is_opened(rule: Rule, reading: Reading) -> bool:
    """Return whether a rule whose gate is open has a word it wants, or a text that is a value."""
    if not rule.may_lack_words:
        return True
    known = reading.words_for(rule).known
    return not known.isdisjoint(rule.context.word_set) or rule.may_stand_alone_in(reading.text)


def _words(rule: Rule, reading: Reading) -> frozenset[str]:
    context = rule.context
    return reading.words_for(rule).present(context.word_set) if context.words else NO_WORDS


def _findings(
    rule: Rule, words: frozenset[str], reading: Reading, candidates: Sequence[Candidate]
) -> Iterator[Finding]:
    view = reading.view
    is_alone = rule.may_stand_alone and is_nothing_but(
        view.text, [(one.match_start, one.match_end) for one in candidates]
    )
    last, named = None, None
    for candidate in candidates:
        if not view.is_news(candidate.start, candidate.end):
            continue
        word, confidence = _sureness(rule, words, reading, candidate, is_alone=is_alone)
        if confidence < LEAST_CONFIDENCE and last and _is_listed(rule, reading, last, candidate):
            word, confidence = named, rule.confidence_with_context
        if confidence < LEAST_CONFIDENCE:
            continue
        if not _is_plausible(rule, view.text[candidate.start : candidate.end]):
            continue
        if rule.context.need == "before" and is_named_harmless(view.text, candidate.start):
            continue
        if word is not None and rule.context.need in _NAMING:
            last, named = candidate, word
        start, end = view.original(candidate.start, candidate.end)
        yield Finding(
            rule=rule.id, type=rule.type, category=rule.category, family=rule.family,
            severity=rule.severity, start=start, end=end, confidence=confidence,
            context=word, validator=rule.validator,
            tie=_tie(rule, words, reading, candidate) if word else "near",
        )  # fmt: skip


def _is_listed(rule: Rule, reading: Reading, last: Candidate, candidate: Candidate) -> bool:
    """Return whether a value is in a list with the last one that was named, and in no table."""
    if candidate.match_start - last.match_end > _MOST_BETWEEN:
        return False
    longer = abs((last.end - last.start) - (candidate.end - candidate.start))
    is_as_long = longer <= _MOST_LONGER or rule.validator is not None
    between = reading.text[last.match_end : candidate.match_start].lower()
    return (
        is_one_more(between, is_as_long=is_as_long)
        and reading.words_for(rule).columns.head(candidate.match_start) is None
    )


def _tie(rule: Rule, words: frozenset[str], reading: Reading, candidate: Candidate) -> Tie:
    known = reading.words_for(rule)
    start, end = candidate.match_start, candidate.match_end
    if rule.context.need == "label" or known.label(words, start) or known.behind(words, end):
        return "label"
    return "near" if known.before(words, start, rule.context.within) else "behind"


def _is_plausible(rule: Rule, value: str) -> bool:
    if rule.validator is not None and not VALIDATORS[rule.validator](value):
        return False
    if rule.entropy is not None and bits_per_character(value) < rule.entropy:
        return False
    if rule.randomness is not None and not _is_random(value, rule.randomness):
        return False
    return not (rule.stop_words and rule.stops.stand_in(folded(value)))


def _is_random(value: str, least: float) -> bool:
    return bits_per_pair(value) >= least and not holds_a_sequence(value)


def _sureness(
    rule: Rule,
    words: frozenset[str],
    reading: Reading,
    candidate: Candidate,
    *,
    is_alone: bool,
) -> tuple[str | None, float]:
    """Return the word of `words` that counts, and how sure the rule is with or without it."""
    if candidate.sureness is not None:
        return None, candidate.sureness
    word = None
    if words:
        word = _word_of(rule, words, reading.words_for(rule), candidate)
    if word is not None:
        return word, rule.confidence_with_context
    if rule.context.need == "none":
        return None, rule.confidence
    if rule.company:
        return None, LEAST_CONFIDENCE
    return None, _alone(rule.confidence_with_context) if is_alone else 0.0


def _alone(confidence: float) -> float:
    """Return how sure a rule is that wants a word and has none but its value.

    A number alone may be many things: those that need no word come first.
    """
    return max(LEAST_CONFIDENCE, round(confidence * 1000 - _LESS_ALONE) / 1000)


def _label(words: frozenset[str], known: Words, candidate: Candidate) -> str | None:
    word = known.label(words, candidate.match_start)
    if word is not None or candidate.end - candidate.start < LEAST_VALUE:
        return word
    word = known.loosely(words, candidate.match_start)
    return word if word is not None else known.behind(words, candidate.match_end)


def _word_of(rule: Rule, words: frozenset[str], known: Words, candidate: Candidate) -> str | None:
    word = _word_beside(rule, words, known, candidate)
    need = rule.context.need
    is_headed = need == "label" or (need != "before" and rule.family != "date")
    if word is not None or not is_headed:
        return word
    return known.heading(words, candidate.match_start)


def _word_beside(
    rule: Rule, words: frozenset[str], known: Words, candidate: Candidate
) -> str | None:
    if rule.context.need == "label":
        return _label(words, known, candidate)
    if rule.context.need == "before":
        return known.before(words, candidate.match_start, rule.context.within)
    return known.near(words, candidate.match_start, candidate.match_end, rule.context.within)
