"""How well the model marks prompts from templates, and with names, that it has never seen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from backend.detection.custom.trial import ordinary_texts
from backend.detection.model.digest import digest_of
from backend.detection.model.document import DEFAULT_PATH
from backend.detection.recognizers.model import tagger_of
from backend.detection.verification import LEAST_CONFIDENCE
from backend.training.corpora import Span
from backend.training.people import Names
from backend.training.synthetic import LANGUAGES, Prompt, prompts

_SEED: Final = 99
_SORTS: Final = ("PER", "LOC", "ADR")


def measured(count: int) -> Iterator[str]:
    """Yield a line for each language and sort: characters marked rightly, and spans exactly."""
    held_out = list(prompts(_SEED, count, Names.load(), is_held_out=True))
    yield f"{count:,} prompts from templates held out, with names held out"
    for language in LANGUAGES:
        some = [prompt for prompt in held_out if prompt.language == language]
        yield f"  {language}  " + "   ".join(_said(sort, some) for sort in _SORTS)
    yield "  all " + "   ".join(_said(sort, held_out) for sort in _SORTS)
    flagged = Counter(sort for text in ordinary_texts() for sort in {s for _, _, s in marks(text)})
    total = sum(1 for _ in ordinary_texts())
    yield f"of {total:,} ordinary prompts marked: " + ", ".join(
        f"{sort} {flagged[sort]}" for sort in _SORTS
    )


def marks(text: str) -> list[Span]:
    """Return what counts of the model's marks."""
    tagger = tagger_of(digest_of(DEFAULT_PATH.read_bytes()))
    marked = [one for one in tagger.tagged(text) if one.sureness >= LEAST_CONFIDENCE]
    return [(one.start, one.end, one.sort) for one in marked]


def _said(sort: str, some: Sequence[Prompt]) -> str:
    right = Counter[str]()
    for prompt in some:
        truth = [one for one in prompt.spans if one[2] == sort]
        found = [one for one in marks(prompt.text) if one[2] == sort]
        _count(right, truth, found)
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
