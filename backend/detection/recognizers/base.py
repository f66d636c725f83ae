"""What every recognizer is handed and gives back."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from backend.detection.context import Words
from backend.detection.excerpts import Part, excerpt
from backend.detection.literals import Literals, Standing, WholeWords, flattened
from backend.detection.normalise import folded
from backend.detection.rulebook import Rule
from backend.detection.views import View

if TYPE_CHECKING:
    from backend.detection.model.tagger import Tagged, Tagger


class Reading:
    """One view of a text prepared for recognizers.

    `plain` is its text in lower case, `flat` the same with a byte for each character; `parts` gives
    the words that may be a part of a name.
    """

    def __init__(self, view: View, words: WholeWords, literals: Literals) -> None:
        self.view = view
        self.text = view.text
        self.plain = folded(view.text)
        self.flat = flattened(self.plain)
        self._words = words
        self._literals = literals
        self._marked: Sequence[Tagged] | None = None
        self.excerpts = {0: Part(view.text, view.text.encode("utf-8", "replace"))}

    @cached_property
    def words(self) -> Words:
        """The context words that stand whole."""
        return self._words.standing(self.plain, self.flat)

    @cached_property
    def standing(self) -> Standing:
        """Which literals stand in it, and where."""
        return self._literals.standing(self.plain, self.flat)

    @cached_property
    def parts(self) -> Words:
        """The words that may be a part of a name."""
        return self._literals.parts(self.text, self.plain, self.standing)

    @cached_property
    def labelled(self) -> frozenset[str] | None:
        """The context words of labels that were written out; None where this was not done."""
        labels = self.view.labels
        if labels is None:
            return None
        starts = [start for start, _ in labels]

        def is_labelled(start: int, end: int) -> bool:
            number = bisect_left(starts, end) - 1
            return number >= 0 and labels[number][1] > start

        return frozenset(
            word
            for word, places in self.words.places.items()
            if any(is_labelled(place, place + len(word)) for place in places)
        )

    def part_within(self, reach: int) -> Part:
        """Return what stands within `reach` of a digit, for 0 all of the text."""
        part = self.excerpts.get(reach)
        if part is None:
            part = self.excerpts[reach] = excerpt(self.excerpts[0], self.flat, reach)
        return part

    def marked(self, tagger: "Tagger") -> Sequence["Tagged"]:
        """Return what the model marks in the text; it is asked once for all rules."""
        if self._marked is None:
            self._marked = tagger.tagged(self.text)
        return self._marked

    def keep_marked(self, marked: Sequence["Tagged"]) -> None:
        """Keep what the model marks, which somebody has asked it for many readings."""
        self._marked = marked

    def words_for(self, rule: Rule) -> Words:
        """Return the words that count for a rule."""
        return self.parts if rule.context.edges == "parts" else self.words


def mark_all(readings: Sequence[Reading], tagger: "Tagger") -> None:
    """Ask the model about readings of many texts at once, before any rule does."""
    every = tagger.tagged_all([reading.text for reading in readings])
    for reading, marked in zip(readings, every, strict=True):
        reading.keep_marked(marked)


class Candidate(NamedTuple):
    """A span of the text of a view; the match may be wider than the value inside it.

    `sureness` is how sure the recognizer is of it, where that is not the rule's to say.
    """

    match_start: int
    match_end: int
    start: int
    end: int
    sureness: float | None = None


class Recognizer(Protocol):
    """Applies one rule to a text."""

    rule: Rule

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return the rule's matches, left to right."""
        ...
