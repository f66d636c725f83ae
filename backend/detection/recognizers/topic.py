"""Words of a text that speaks of a rule's topic."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from backend.detection.recognizers.base import Candidate, Reading
from backend.detection.rulebook import Rule

if TYPE_CHECKING:
    from backend.detection.topic import Topic


class TopicRecognizer:
    """Finds the words that say most where a text speaks of a rule's topic.

    The detector asks it last, and only where nothing of the rule's family is found.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return the words that say most, in the order of the text."""
        sure = self.rule.confidence
        words = self._topic.words(reading.plain) if self._topic else ()
        return [Candidate(start, end, start, end, sure) for start, end in words]

    @cached_property
    def _topic(self) -> "Topic | None":
        """What words are worth; only a text that has company waits until numpy is read."""
        from backend.detection.topic import Topic  # noqa: PLC0415

        return Topic.parse(self.rule.topic) if self.rule.topic else None
