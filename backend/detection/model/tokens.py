"""A text as words, numbers and signs, each with its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]

LETTERS: Final = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f"
    "\u0370-\u0373\u0376\u0377\u037b-\u037d\u0386\u0388-\u03ff\u0400-\u0481\u048a-\u0527"
    "\u1e00-\u1eff"
)
"""Latin, Greek and Cyrillic letters with their marks, as ranges: the same in every runtime."""
_PIECE: Final = re.compile(
    rf"[{LETTERS}]+|[0-9]+|\n[\n\r\t ]*|[ \t\r\u00a0]+|[^{LETTERS}0-9\n \t\r\u00a0]"
)
_SPACE: Final = frozenset(" \t\r\u00a0")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a text is made of: token n is `words[n]` and stands at `[starts[n], ends[n])`."""

    words: Sequence[str]
    starts: Places
    ends: Places


def tokenised(text: str) -> Tokens:
    """Return runs of letters, runs of ASCII digits, ends of lines and single signs, in order."""
    pieces = _PIECE.findall(text)
    ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))
    is_word = [piece[0] not in _SPACE for piece in pieces]
    words = list(compress(pieces, is_word))
    ends = ends[is_word]
    return Tokens(words, ends - np.fromiter(map(len, words), np.int64, len(words)), ends)


def lowered(word: str) -> str:
    """Return a word in lower case, letter by letter, so that its length stays."""
    low = word.lower()
    if len(low) == len(word) and "\u03a3" not in word:
        return low
    return "".join(one if len(one := letter.lower()) == 1 else letter for letter in word)
