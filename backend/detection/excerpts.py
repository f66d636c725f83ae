"""Parts of a text that are enough for a rule: what stands near digits, put together.

A rule whose matches hold a digit, and nowhere more than `reach` characters without one, matches in
such an excerpt what it matches in the text: pieces lie farther apart than a match can reach, and
each keeps the character before and behind what a match may hold.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from backend.detection.rulebook import Rule

NEAR: Final = 8
WIDE: Final = 40
_MOST_DIGITS: Final = 1 / 6
_MOST: Final = 2 / 3
"""Where an excerpt would be a greater share of the text, the text itself is read."""
_DIGIT: Final = b"0"
_MARKED: Final = bytes(_DIGIT[0] if byte in b"0123456789" else ord(" ") for byte in range(256))


@dataclass(frozen=True, slots=True)
class Part:
    """A text, or pieces of one. Piece n begins at `starts[n]` and stood at `origins[n]`."""

    text: str
    encoded: bytes
    starts: Sequence[int] = (0,)
    origins: Sequence[int] = (0,)

    def is_plain(self) -> bool:
        """Return whether offsets in `encoded` are places in the text."""
        is_whole = len(self.starts) == 1 and not self.origins[0]
        return is_whole and len(self.encoded) == len(self.text)

    def places(self, offsets: Sequence[int]) -> list[int]:
        """Return where offsets in `encoded`, ascending, stand in the text."""
        starts, origins, places = self.starts, self.origins, []
        last = count = 0
        for offset in offsets:
            if offset != last:
                count += len(self.encoded[last:offset].decode())
                last = offset
            piece = bisect_right(starts, count) - 1
            places.append(origins[piece] + count - starts[piece])
        return places


def reach(rule: Rule) -> int:
    """Return how far from a digit a rule is looked for; 0 for anywhere."""
    gap = rule.widest_gap
    if gap is None or gap > WIDE:
        return 0
    return NEAR if gap <= NEAR else WIDE


def excerpt(whole: Part, flat: bytes, reach: int) -> Part:
    """Return what stands within `reach` of a digit, or `whole` where that is most of it.

    `flat` has one byte for each character of the text.
    """
    marks = flat.translate(_MARKED)
    if marks.count(_DIGIT) > _MOST_DIGITS * len(marks):
        return whole
    spans = list(_spans(marks, reach))
    if sum([end - start for start, end in spans]) > _MOST * len(marks):
        return whole
    starts, length = [], 0
    for start, end in spans:
        starts.append(length)
        length += end - start
    text = "".join([whole.text[start:end] for start, end in spans])
    return Part(text, text.encode("utf-8", "replace"), starts, [start for start, _ in spans])


def _spans(marks: bytes, reach: int) -> Iterator[tuple[int, int]]:
    apart = b" " * (2 * reach + 2)
    first = marks.find(_DIGIT)
    while first >= 0:
        end = marks.find(apart, first)
        if end < 0:
            end = marks.rfind(_DIGIT) + 1
        yield max(0, first - reach - 1), min(len(marks), end + reach + 1)
        first = marks.find(_DIGIT, end)
