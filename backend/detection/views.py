"""A text as the patterns see it, and where each of its characters stood in the original."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

REACH: Final = 256
"""How far from an edit a rewritten view shows the text: farther than any rule looks for words."""

Span = tuple[int, int]
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Where the characters of a rewritten text come from, piece by piece, in text order.

    Piece n begins at `starts[n]` and stood at `spans[n]`: one character for one, when it has the
    length of its span and `is_copy[n]`; else every character of it stands for the whole span.
    """

    starts: Sequence[int]
    spans: Sequence[Span]
    is_copy: Sequence[bool]

    def original(self, start: int, end: int) -> Span:
        """Return the span that became `[start, end)`, which is not empty."""
        return self._of(start)[0], self._of(end - 1)[1]

    def _of(self, place: int) -> Span:
        number = bisect_right(self.starts, place) - 1
        first, last = self.spans[number]
        if not self.is_copy[number]:
            return first, last
        stood = first + place - self.starts[number]
        return stood, stood + 1


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text. Offsets of `text` become offsets of the original by `original`.

    `pieces` lead back to the view it was made from, `base`, or to the original where there is none;
    without pieces every character is the original itself. In a view made by undoing something, only
    what touches `changed` is news; in one made by writing out labels, what those name, `labels`.
    """

    text: str
    pieces: Pieces | None = None
    base: "View | None" = None
    changed: tuple[Span, ...] | None = None
    is_joined: bool = False
    is_decoded: bool = False
    labels: tuple[Span, ...] | None = None

    def original(self, start: int, end: int) -> Span:
        """Return the span of the original that became `[start, end)`."""
        if self.pieces is not None:
            start, end = self.pieces.original(start, end)
        return (start, end) if self.base is None else self.base.original(start, end)

    def is_news(self, start: int, end: int) -> bool:
        """Return whether `[start, end)` could not be read before this view was made."""
        if self.changed is None:
            return True
        place = bisect_right(self.changed, (end, -1)) - 1
        return place >= 0 and self.changed[place][1] > start


def rewritten(
    view: View,
    edits: Sequence[Edit],
    regions: Iterable[Span] | None = None,
    *,
    is_joined: bool,
    reach: int = REACH,
) -> View:
    """Return `view` with each `(start, end, text)` put in place, left to right, not overlapping.

    Every character of an edit's text stands for the whole of `[start, end)`. What changed are the
    `regions`, in offsets of `view`, or the edits themselves. What is farther from any edit than
    `reach`, which no context word could be, is left out.
    """
    made = _Rewriting(view, reach)
    for start, end, text in edits:
        made.copy_until(start)
        made.edit(start, end, text)
    made.copy_until(len(view.text), is_last=True)
    changed = made.put_in if regions is None else [made.moved(region) for region in regions]
    return View(made.text, made.pieces, view, tuple(changed), is_joined)


class Writing:
    """A text being written from pieces of another."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._starts: list[int] = []
        self._spans: list[Span] = []
        self._is_copy: list[bool] = []
        self.length = 0

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._parts)

    @property
    def pieces(self) -> Pieces:
        """Where it came from."""
        return Pieces(self._starts, self._spans, self._is_copy)

    def copy(self, start: int, end: int) -> None:
        """Write what stands in `[start, end)`."""
        self._write(start, end, self._source[start:end], is_copy=True)

    def put(self, start: int, end: int, text: str) -> None:
        """Write `text` for what stands in `[start, end)`."""
        self._write(start, end, text, is_copy=False)

    def _write(self, start: int, end: int, text: str, *, is_copy: bool) -> None:
        if not text:
            return
        self._starts.append(self.length)
        self._spans.append((start, end))
        self._is_copy.append(is_copy)
        self._parts.append(text)
        self.length += len(text)


class _Rewriting(Writing):
    def __init__(self, view: View, reach: int) -> None:
        super().__init__(view.text)
        self._reach = reach
        self.put_in: list[Span] = []
        self._place = 0

    def copy_until(self, end: int, *, is_last: bool = False) -> None:
        """Copy what stands before an edit, or behind the last one, as far as context reaches."""
        place, reach = self._place, self._reach
        reached = end if is_last else end - reach
        if not self.put_in:
            self.copy(max(place, end - reach), end)
        elif reached <= place + reach:
            self.copy(place, end)
        else:
            self.copy(place, place + reach)
            if not is_last:
                self.put(place + reach, reached, "\n")
                self.copy(reached, end)

    def edit(self, start: int, end: int, text: str) -> None:
        """Write an edit's text; what it makes is news."""
        self.put_in.append((self.length, self.length + len(text)))
        if text:
            self.put(start, end, text)
        self._place = end

    def moved(self, region: Span) -> Span:
        """Return where a region went; it starts and ends with something that was copied."""
        return self._moved(region[0]), self._moved(region[1] - 1) + 1

    def _moved(self, offset: int) -> int:
        piece = bisect_right(self._spans, (offset, len(self._source))) - 1
        return self._starts[piece] + offset - self._spans[piece][0]
