"""A text as words, numbers and signs, each with its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
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
_SPACE: Final = " \t\r\u00a0"
_TOKEN: Final = rf"(?:[{LETTERS}]+|[0-9]+|\n[\n\r\t ]*|[^{LETTERS}0-9\n{_SPACE}])"
_FIND_PIECES: Final = re.compile(rf"{_TOKEN}[{_SPACE}]*").findall
_MATCH_TOKEN: Final = re.compile(_TOKEN).match


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a text is made of: token n is `words[n]` and stands at `[starts[n], ends[n])`."""

    words: Sequence[str]
    starts: Places
    ends: Places


def pieces(text: str) -> tuple[int, list[str]]:
    """Return where the first token stands, and every token with the spaces behind it."""
    return len(text) - len(text.lstrip(_SPACE)), _FIND_PIECES(text)


def token_of(piece: str) -> str:
    """Return a piece without the spaces behind its token."""
    token = _MATCH_TOKEN(piece)
    return token[0] if token else ""


def tokenised(text: str) -> Tokens:
    """Return runs of letters, runs of ASCII digits, ends of lines and single signs, in order."""
    first, parts = pieces(text)
    words = [token_of(piece) for piece in parts]
    lengths, whole = (np.array([len(one) for one in some], np.int64) for some in (words, parts))
    starts = first + np.cumsum(whole) - whole
    return Tokens(words, starts, starts + lengths)


def lowered(word: str) -> str:
    """Return a word in lower case, letter by letter, so that its length stays."""
    low = word.lower()
    if len(low) == len(word) and "\u03a3" not in word:
        return low
    return "".join(one if len(one := letter.lower()) == 1 else letter for letter in word)
