"""What the model looks at: of each token its letters, form and lists, and what stands beside it.

A feature is a number of 32 bits, of which the lowest say which weights are its own.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from backend.detection.model.hashing import Hashes, hashed_so_far, mixed
from backend.detection.model.lists import KINDS, WordLists
from backend.detection.model.tokens import LETTERS, Places, lowered

REACH: Final = 3
"""How many tokens to either side a token gives features to."""
PLACES: Final = 2 * REACH + 1
NEIGHBOURS: Final = slice(REACH - 1, REACH + 2)
EDGES: Final = 2
"""How many tokens beyond a text's ends what stands together is looked at."""
LONGEST: Final = 24
"""Code points of a token that are looked at."""

_IS_LETTER: Final = re.compile(f"[{LETTERS}]")
_SIGNS: Final = {
    ".": 10, ",": 11, ":": 12, "\n": 13, "-": 14, "'": 15, "\u2019": 15, "@": 16, "#": 17, "(": 18,
    "[": 18, ")": 19, "]": 19, "/": 20, "_": 21, "=": 21, "<": 21, ">": 21, "{": 21, "}": 21,
    "`": 21, "!": 23, "?": 23, ";": 24, '"': 25, "&": 26, "|": 27, "*": 28,
}  # fmt: skip
_OTHER_SIGN: Final = 22
_EDGE: Final = 29
_FORMS: Final = 30
_LAST_LOWER: Final = 1
_DIGITS: Final = 6
_FIRST_SIGN: Final = 10
STREET: Final = 1
"""The sort of words for streets."""
_STREET_WITHIN: Final = 4
_LENGTHS: Final = np.uint32(12)
"""Longer words are as long as this."""
_NAMES: Final = 0b001111
_COMMON: Final = 1 << KINDS.index("common")
_LISTS: Final = 1 << len(KINDS)
_PARTS: Final = 5
"""Up to this many letters of a beginning or an end count."""
_MIDDLE_PARTS: Final = np.array((2, 7))
_OTHER_PARTS: Final = np.array((0, 1, 3, 4, 5, 6, 8, 9))
_NTH: Final = np.arange(1, _PARTS + 1)[:, None]


def _salts(*numbers: int) -> Hashes:
    return np.array(numbers, np.uint32)


_OF_PLACES: Final = np.arange(PLACES, dtype=np.uint32) + np.uint32(256)
_OF_PARTS: Final = np.arange(2 * _PARTS, dtype=np.uint32) + np.uint32(3)
_TOGETHER: Final = np.arange(512, 524, dtype=np.uint32)[:, None]
_LETTERS, _KINDS, _ALIKE = range(3)
_FIRST: Final = (
    (_KINDS, -1), (_KINDS, 0), (_LETTERS, -1), (_LETTERS, 0), (_LETTERS, -1), (_LETTERS, 1),
    (_LETTERS, -2), (_LETTERS, -1), (_KINDS, -2),
)  # fmt: skip
_SECOND: Final = (
    (_KINDS, 0), (_KINDS, 1), (_LETTERS, 0), (_LETTERS, 1), (_KINDS, 0), (_KINDS, 0),
    (_LETTERS, -1), (_LETTERS, 1), (_KINDS, -1), (_ALIKE, -1),
)  # fmt: skip
"""What of which token stands beside what of `_FIRST`; the last beside how a token is joined."""
_THIRD: Final = ((_KINDS, 0), (_KINDS, 1), (_KINDS, 2), (_ALIKE, 1), (_ALIKE, 0), (_ALIKE, 0))
_TWO_OF_THREE: Final = np.array((8, 0, 1, 9, 6, 7))
"""Which two stand beside what of `_THIRD`."""
_JUST_TWO: Final = 6
"""So many twos count by themselves too."""
_COLUMNS, _OFFSETS = np.array((*_FIRST, *_SECOND, *_THIRD)).T[:, :, None]
_SPLITS: Final = (len(_FIRST), len(_FIRST) + len(_SECOND))


Cues = npt.NDArray[np.uint8]
"""What may begin a span, as bits: any, a number where a word for a street follows, such a word."""
_BEGINS, _NUMBER, _STREET = np.array((1, 2, 4), np.uint8)


class Words(NamedTuple):
    """Tokens by themselves, a row each: what stands together is made of the first three columns.

    `letters` are hashes of the letters, `kinds` numbers of form, lists and sort, `forms` of form.
    `given` are features for all within reach, by places; `beside` for the token and its
    neighbours, by places; `own` for itself alone; tokens without letters have `is_word` 0 and only
    the first.
    """

    letters: Hashes
    kinds: Hashes
    forms: Hashes
    cues: Cues
    given: Hashes
    beside: Hashes
    own: Hashes
    is_word: npt.NDArray[np.int16]


class Looks:
    """Looks at tokens one by one, with the lists they stand in and the sorts of some."""

    def __init__(self, lists: WordLists, sorts: Mapping[str, int]) -> None:
        self._lists = lists
        self._sorts = sorts

    def at(self, tokens: Sequence[str], hidden: Sequence[int] | None = None) -> Words:
        """Return tokens by themselves, as if they stood in none of their `hidden` lists.

        An empty one stands for what is before and behind a text.
        """
        read = [_read(token) for token in tokens]
        lows = [low for low, _ in read]
        forms = np.array([form for _, form in read], np.uint32)
        sorts = np.array([self._sorts.get(low, 0) for low in lows], np.uint32)
        is_word = forms < _DIGITS
        letters, parts, lengths = _spelled(lows)
        parts *= is_word[:, None]
        lengths = np.minimum(lengths, _LENGTHS) * is_word
        lists = np.where(is_word, self._lists.of(letters), np.uint32(0))
        if hidden is not None:
            lists &= ~np.array(hidden, np.uint32)
        kinds = forms + np.uint32(_FORMS) * (lists + np.uint32(_LISTS) * sorts)
        parts = mixed(parts, _OF_PARTS)
        given = np.stack([mixed(letters, _salts(1)), mixed(kinds, _salts(2))], axis=-1)
        beside = parts[:, _MIDDLE_PARTS]
        own = np.column_stack(
            [
                parts[:, _OTHER_PARTS],
                mixed(letters, np.uint32(32) + forms),
                mixed(lengths, np.uint32(64) + forms),
                mixed(lists, np.uint32(96) + forms),
                mixed(sorts, _salts(128)),
            ]
        )
        by_place = _OF_PLACES[:, None]
        return Words(
            letters, kinds, forms, _cues(forms, lists, sorts),
            given=mixed(given[:, None], by_place),
            beside=mixed(beside[:, None], by_place[NEIGHBOURS]),
            own=mixed(own, _OF_PLACES[REACH : REACH + 1]),
            is_word=is_word.astype(np.int16),
        )  # fmt: skip


def _cues(forms: Hashes, lists: Hashes, sorts: Hashes) -> Cues:
    """Return what may begin a span, as bits.

    A word may in capitals or as a name, unless it is a common word written as such; a number may
    where a word for a street follows.
    """
    name = lists & np.uint32(_NAMES) != 0
    common = lists & np.uint32(_COMMON) != 0
    capital = (forms > _LAST_LOWER) & (forms < _DIGITS)
    lower = forms <= _LAST_LOWER
    street = sorts == STREET
    begins = (capital & (~common | name)) | (lower & name & ~common) | street
    digits = (forms >= _DIGITS) & (forms < _FIRST_SIGN)
    cues: Cues = begins * _BEGINS | digits * _NUMBER | street * _STREET
    return cues


def may_begin(cues: Cues) -> npt.NDArray[np.bool_]:
    """Return which tokens of a text may begin a span."""
    begins: npt.NDArray[np.bool_] = cues & _BEGINS != 0
    streets = np.flatnonzero(cues & _STREET)
    if len(streets):
        near = np.zeros(len(cues) + _STREET_WITHIN, np.bool_)
        near[streets[:, None] + np.arange(_STREET_WITHIN)] = True
        begins |= (cues & _NUMBER != 0) & near[_STREET_WITHIN:]
    return begins


def together(looked: Hashes, joints: Hashes, places: Places) -> Hashes:
    """Return what tokens at some places say together with those beside them: features by places.

    `looked` are letters, kinds and forms of all tokens, a row each, with EDGES before and behind
    them; `joints[n]` is 1 where no space stands before token n, with a 0 behind the last.
    """
    values = looked.ravel().take(_COLUMNS * looked.shape[1] + _OFFSETS + (places + EDGES))
    first, second, third = np.split(values, _SPLITS)
    joined = third[-1] * np.uint32(4) + joints.take(places) * np.uint32(2) + joints.take(places + 1)
    twos = mixed(np.concatenate([first, joined[None]]), second)
    threes = mixed(twos[_TWO_OF_THREE], third)
    return mixed(np.concatenate([twos[:_JUST_TWO], threes]), _TOGETHER)


def _read(token: str) -> tuple[str, int]:
    """Return a token as it is looked at, in lower case and its digits as noughts, and its form."""
    if not token:
        return token, _EDGE
    token = "\n" if token[0] == "\n" else token[:LONGEST]
    low = lowered(token)
    return "0" * len(low) if "0" <= token[0] <= "9" else low, _form(token, low)


def _spelled(lows: Sequence[str]) -> tuple[Hashes, Hashes, Hashes]:
    """Return of each the hash, those of beginnings and of ends backwards, and the length.

    There is a 0 for what is longer than all of it.
    """
    lengths = np.array(list(map(len, lows)), np.int64)
    longest = max(_PARTS, *map(len, lows))
    written = "".join([low.ljust(longest, "\0") for low in lows])
    codes = np.frombuffer(written.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    codes = codes.reshape(len(lows), longest).T
    texts = np.arange(len(lows))
    beginnings = hashed_so_far(codes)
    ends = hashed_so_far(codes[np.maximum(lengths - _NTH, 0), texts])
    parts = np.concatenate([beginnings[1 : _PARTS + 1], ends[1:]])
    parts *= np.concatenate([lengths >= _NTH] * 2)
    return beginnings[lengths, texts], parts.T, lengths.astype(np.uint32)


def _form(token: str, low: str) -> int:
    """Return the form: 0 to 5 of letters by case, 6 to 9 of digits by length, then signs."""
    first = token[0]
    if "0" <= first <= "9":
        return _DIGITS + min(len(token) - 1, 3)
    if not _IS_LETTER.match(first):
        return _SIGNS.get(first, _OTHER_SIGN)
    if token == low:
        return 1 if len(token) > 1 else 0
    if token[1:] == low[1:]:
        return 2 if len(token) > 1 else 3
    return 4 if all(a != b for a, b in zip(token, low, strict=True)) else 5
