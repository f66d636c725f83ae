"""A text as the patterns see it, and where each of its characters stood in the original."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

REACH: Final = 256
"""How far from an edit a rewritten view shows the text: farther than any rule looks for words."""

Span = tuple[int, int]
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text. Offsets of `text` become offsets of the original by `original`.

    `starts[i]` and `ends[i]` are what character i stood for, None where it is the original itself.
    In a view made by undoing something, only what touches `changed` is news.
    """

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    changed: tuple[Span, ...] | None = None
    is_joined: bool = False

    def original(self, start: int, end: int) -> Span:
        """Return the span of the original that became `[start, end)`."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def is_news(self, start: int, end: int) -> bool:
        """Return whether `[start, end)` could not be read before this view was made."""
        if self.changed is None:
            return True
        place = bisect_right(self.changed, (end, -1)) - 1
        return place >= 0 and self.changed[place][1] > start


def rewritten(
    view: View, edits: Sequence[Edit], regions: Iterable[Span] | None = None, *, is_joined: bool
) -> View:
    """Return `view` with each `(start, end, text)` put in place, left to right, not overlapping.

    Every character of an edit's text stands for the whole of `[start, end)`. What changed are the
    `regions`, in offsets of `view`, or the edits themselves. What is farther from any edit than a
    context word could be is left out.
    """
    made = _Rewriting(view)
    for start, end, text in edits:
        made.copy_until(start)
        made.put(start, end, text)
    made.copy_until(len(view.text), is_last=True)
    changed = made.put_in if regions is None else [made.moved(region) for region in regions]
    return View(made.text, made.starts, made.ends, tuple(changed), is_joined)


class _Rewriting:
    def __init__(self, view: View) -> None:
        self._view = view
        self._parts: list[str] = []
        self.starts, self.ends = array("l"), array("l")
        self.put_in: list[Span] = []
        self._place = 0
        self._moves: list[Span] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def copy_until(self, end: int, *, is_last: bool = False) -> None:
        """Copy what stands before an edit, or behind the last one, as far as context reaches."""
        first = max(self._place, end - REACH)
        if not self.put_in:
            self._copy(first, end)
            return
        stop = min(self._place + REACH, end)
        if is_last or stop >= first:
            self._copy(self._place, stop if is_last else end)
            return
        self._copy(self._place, stop)
        self._append(stop, first, "\n")
        self._copy(first, end)

    def put(self, start: int, end: int, text: str) -> None:
        length = len(self.starts)
        self.put_in.append((length, length + len(text)))
        self._append(start, end, text)
        self._place = end

    def moved(self, region: Span) -> Span:
        """Return where a region went; it starts and ends with something that was copied."""
        return self._moved(region[0]), self._moved(region[1] - 1) + 1

    def _moved(self, offset: int) -> int:
        before, after = self._moves[bisect_right(self._moves, (offset, len(self.starts))) - 1]
        return after + offset - before

    def _copy(self, start: int, end: int) -> None:
        view = self._view
        self._moves.append((start, len(self.starts)))
        self._parts.append(view.text[start:end])
        if view.starts is None or view.ends is None:
            self.starts.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))
        else:
            self.starts.extend(view.starts[start:end])
            self.ends.extend(view.ends[start:end])

    def _append(self, start: int, end: int, text: str) -> None:
        first, last = self._view.original(start, end)
        self._parts.append(text)
        self.starts.extend([first] * len(text))
        self.ends.extend([last] * len(text))
