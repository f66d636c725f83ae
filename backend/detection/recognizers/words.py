"""Words and phrases that say something by themselves, as a dictionary has them."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from backend.detection.recognizers.base import Candidate, Reading
from backend.detection.rulebook import Rule

MOST: Final = 3
"""So many words of a text are told: that it speaks of something is said by a few."""


class WordsRecognizer:
    """Finds the words of a rule's context, where a text has enough different ones."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return the first words that stand whole in the text."""
        rule, known = self.rule, reading.words_for(self.rule)
        found = [
            (word, at)
            for word in known.present(rule.context.word_set)
            for at in known.places[word]
            if _stands_free(reading.plain, at, at + len(word))
        ]
        if len({word for word, _ in found}) < rule.least_words:
            return ()
        spans = sorted((at, -len(word)) for word, at in found)
        return [
            Candidate(at, at - length, at, at - length, rule.confidence)
            for at, length in islice(spans, MOST)
        ]


def _stands_free(text: str, start: int, end: int) -> bool:
    """Return whether no letter stands beside a word, one beyond ASCII either: "irm" in "irmã"."""
    return not text[end : end + 1].isalpha() and not text[max(0, start - 1) : start].isalpha()
