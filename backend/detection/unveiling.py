"""Every reading of a text worth looking at: as it stands, with labels in words, undisguised."""

from collections.abc import Iterator
from typing import Final

from backend.detection.decoding import decoded
from backend.detection.joining import joined, unbroken
from backend.detection.labels import written_labels
from backend.detection.normalise import normalise
from backend.detection.spelling import written_out
from backend.detection.views import View

DEEPEST: Final = 3


def readings(text: str) -> Iterator[View]:
    """Yield the text as it stands, with its labels in words, then each disguise undone.

    Encodings are undone up to three deep, one inside the other. No reading is longer than the text.
    """
    view = normalise(text)
    yield view
    labelled = written_labels(view)
    if labelled is not None:
        yield labelled
    for _ in range(DEEPEST):
        plain = decoded(view)
        if plain is None:
            break
        view = plain
        yield view
    spelled = written_out(view)
    if spelled is not None:
        view = spelled
        yield view
    for undo in (unbroken, joined):
        other = undo(view)
        if other is not None:
            yield other
