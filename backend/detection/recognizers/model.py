"""Names and addresses that the model marks where no label stands before them."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from backend.detection.recognizers.base import Candidate, Reading
from backend.detection.rulebook import Rule
from backend.detection.verification import LEAST_CONFIDENCE

if TYPE_CHECKING:
    from backend.detection.model.tagger import Tagger


class ModelRecognizer:
    """What the model marks as of a rule's sort, as sure as by how much it beats nothing."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return the spans of the rule's sort."""
        return [
            Candidate(one.start, one.end, one.start, one.end, one.sureness)
            for one in reading.marked(self.tagger)
            if one.sort == self.rule.sort and one.sureness >= LEAST_CONFIDENCE
        ]

    @cached_property
    def tagger(self) -> "Tagger":
        """The tagger that the rule names."""
        return tagger_of(self.rule.model)


@lru_cache(maxsize=2)
def tagger_of(digest: str | None) -> "Tagger":
    """Return the tagger that a rule names. Raise ValueError where another lies beside the rules.

    Only who looks for names waits until numpy and the model are read.
    """
    from backend.detection.model.document import Model  # noqa: PLC0415
    from backend.detection.model.tagger import Tagger  # noqa: PLC0415

    model = Model.load()
    if model.version != digest:
        raise ValueError("the rules name another model: run `quillgate rules compile`")
    return Tagger(model)
