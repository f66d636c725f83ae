"""How well the model marks prompts from templates and with names that training was not filled with.

The lists of the model hold those names all the same, so it is measured again as if they did
not: that is what becomes of a name that stands on no list. Streets, regions and countries are
shared with training.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from backend.detection.model.document import Model
from backend.detection.model.features import Looks, Words
from backend.detection.model.tagger import Tagger
from backend.detection.model.tokens import lowered
from backend.detection.verification import LEAST_CONFIDENCE
from backend.training.blind import BlindPrompt, blind_prompts
from backend.training.corpora import Span
from backend.training.ordinary import prompts_at_work
from backend.training.people import Names
from backend.training.synthetic import LANGUAGES, Prompt, prompts
from backend.training.word_lists import words_of

_SEED: Final = 99
_SORTS: Final = ("PER", "LOC", "ADR")
_NAMES: Final = 0b111
"""The lists of given names, family names and places, as bits."""

Marking = Callable[[str], list[Span]]
Answer = tuple[Prompt | BlindPrompt, list[Span]]
"""A prompt and what was marked in it."""


def measured(count: int) -> Iterator[str]:
    """Yield lines: characters marked rightly, and spans exactly, for each language and sort."""
    model, names = Model.load(), Names.load()
    known = _marking(Tagger(model))
    unknown = _marking(Tagger(model, _Strangers(model, _only_held_out(names))))
    held_out = list(prompts(_SEED, count, names, is_held_out=True))
    yield f"{count:,} prompts from templates held out, with names held out that the lists hold"
    answers = [(prompt, known(prompt.text)) for prompt in held_out]
    yield from _by_language(answers)
    yield "the same with these names in no list"
    yield _line("all", [(prompt, unknown(prompt.text)) for prompt in held_out])
    yield from _blind(known)
    plain = prompts_at_work(is_held_out=True)
    flagged = Counter(sort for text in plain for sort in {s for _, _, s in known(text)})
    yield f"of {len(plain):,} ordinary prompts held out marked: " + ", ".join(
        f"{sort} {flagged[sort]}" for sort in _SORTS
    )


def _blind(marks: Marking) -> Iterator[str]:
    """Yield how it does with prompts of people who knew nothing of it, and with those unread."""
    every = [(prompt, marks(prompt.text)) for prompt in blind_prompts()]
    yield f"{len(every):,} prompts written blind"
    yield from _by_language(every)
    yield _line("of these never read", [one for one in every if not one[0].was_read])
    empty = [marked for prompt, marked in every if prompt.about == "NO"]
    flagged = sum(any(sort == "PER" for _, _, sort in marked) for marked in empty)
    yield f"  of {len(empty)} with nobody in them a name is marked in {flagged}"


class _Strangers(Looks):
    """Looks at some words as if they stood in no list of names."""

    def __init__(self, model: Model, strangers: frozenset[str]) -> None:
        super().__init__(model.lists, model.sorts)
        self._strangers = strangers

    def at(self, tokens: Sequence[str], hidden: Sequence[int] | None = None) -> Words:
        """Return tokens by themselves."""
        del hidden
        known = self._strangers
        return super().at(tokens, [_NAMES if lowered(one) in known else 0 for one in tokens])


def _only_held_out(names: Names) -> frozenset[str]:
    """Return the words of names held out that are part of no name of training."""
    held_out, learned = (_words(names.part(is_held_out=part)) for part in (True, False))
    return frozenset(held_out - learned)


def _words(names: Names) -> set[str]:
    lists = (names.given, names.family, names.cities)
    return {word for one in lists for some in one.values() for word in words_of(some)}


def _marking(tagger: Tagger) -> Marking:
    """Return what gives the marks of a text that count."""

    def marks(text: str) -> list[Span]:
        marked = [one for one in tagger.tagged(text) if one.sureness >= LEAST_CONFIDENCE]
        return [(one.start, one.end, one.sort) for one in marked]

    return marks


def _by_language(answers: Sequence[Answer]) -> Iterator[str]:
    for language in LANGUAGES:
        yield _line(language, [one for one in answers if one[0].language == language])
    yield _line("all", answers)


def _line(name: str, answers: Sequence[Answer]) -> str:
    return f"  {name:4} " + "   ".join(_said(sort, answers) for sort in _SORTS)


def _said(sort: str, answers: Sequence[Answer]) -> str:
    right = Counter[str]()
    for prompt, marks in answers:
        truth = [one for one in prompt.spans if one[2] == sort]
        _count(right, truth, [one for one in marks if one[2] == sort])
    overlap = _f1(right["shared"], right["true"], right["found"])
    exact = _f1(right["same"], right["spans"], right["marks"])
    recall = right["shared"] / max(1, right["true"])
    return f"{sort} F1 {overlap:.3f} (recall {recall:.3f}, exact spans {exact:.3f})"


def _count(right: Counter[str], truth: Sequence[Span], found: Sequence[Span]) -> None:
    of_truth, of_found = _characters(truth), _characters(found)
    counts: Mapping[str, int] = {
        "shared": len(of_truth & of_found), "true": len(of_truth), "found": len(of_found),
        "same": len({*truth} & {*found}), "spans": len(truth), "marks": len(found),
    }  # fmt: skip
    right.update(counts)


def _characters(spans: Iterable[Span]) -> set[int]:
    return {place for start, end, _ in spans for place in range(start, end)}


def _f1(shared: int, true: int, found: int) -> float:
    return 2 * shared / max(1, true + found)
