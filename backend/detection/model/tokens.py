"""A text as words, numbers and signs, each with its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8] | npt.NDArray[np.uint32]
"""A text's code points; a byte each where it is ASCII."""

LETTERS: Final = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f"
    "\u0370-\u0373\u0376\u0377\u037b-\u037d\u0386\u0388-\u03ff\u0400-\u0481\u048a-\u0527"
    "\u1e00-\u1eff"
)
"""Latin, Greek and Cyrillic letters with their marks, as ranges: the same in every runtime."""
_SPACE: Final = " \t\r\u00a0"
_NO_BREAK: Final = "\u00a0"
_BEYOND: Final = 0x1F00
"""The first code point behind the last letter: a sign, as all that follow are."""
_IS_SPACE, _IS_NO_BREAK, _IS_NEWLINE, _IS_LETTER, _IS_DIGIT, _IS_SIGN = range(6)


def _kinds() -> npt.NDArray[np.uint8]:
    every = "".join(map(chr, range(_BEYOND + 1)))
    kinds = np.full(len(every), _IS_SIGN, np.uint8)
    for written, kind in (
        (LETTERS, _IS_LETTER), ("0-9", _IS_DIGIT), (_SPACE, _IS_SPACE), (_NO_BREAK, _IS_NO_BREAK),
        ("\n", _IS_NEWLINE),
    ):  # fmt: skip
        for run in re.finditer(f"[{written}]+", every):
            kinds[run.start() : run.end()] = kind
    return kinds


_KINDS: Final = _kinds()


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a text is made of: token n stands at `[starts[n], ends[n])`."""

    text: str
    codes: Codes
    starts: Places
    ends: Places

    @property
    def words(self) -> Sequence[str]:
        """The tokens themselves."""
        places = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return [self.text[start:end] for start, end in places]


def tokenised(text: str) -> Tokens:
    """Return runs of letters, runs of ASCII digits, ends of lines and single signs, in order.

    The end of a line has the white space behind it, and the ends of lines in that.
    """
    codes = _codes(text)
    kinds = _KINDS.take(codes, mode="clip")
    is_begun = kinds == _IS_SIGN
    is_begun[:1] = True
    is_begun[1:] |= kinds[1:] != kinds[:-1]
    begun = np.flatnonzero(is_begun)
    kinds = kinds.take(begun)
    if _IS_NEWLINE in kinds:
        begun, kinds = _without_white_space_behind_lines(begun, kinds)
    ends = np.append(begun[1:], len(text))
    is_token = kinds >= _IS_NEWLINE
    return Tokens(text, codes, begun[is_token], ends[is_token])


def words_and_numbers(tokens: Tokens) -> tuple[Places, npt.NDArray[np.bool_]]:
    """Return which tokens are words or numbers, and whether each of these is a word."""
    kinds = _KINDS.take(tokens.codes.take(tokens.starts), mode="clip")
    places = np.flatnonzero((kinds == _IS_LETTER) | (kinds == _IS_DIGIT))
    return places, kinds.take(places) == _IS_LETTER


def _codes(text: str) -> Codes:
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))


def _without_white_space_behind_lines(
    begun: Places, kinds: npt.NDArray[np.uint8]
) -> tuple[Places, npt.NDArray[np.uint8]]:
    is_space, is_newline = kinds == _IS_SPACE, kinds == _IS_NEWLINE
    is_behind = np.zeros_like(is_space)
    is_behind[1:] = is_space[1:] & is_newline[:-1]
    is_behind[2:] |= is_newline[2:] & is_space[1:-1] & is_newline[:-2]
    is_kept = ~is_behind
    return begun[is_kept], kinds[is_kept]


def lowered(word: str) -> str:
    """Return a word in lower case, letter by letter, so that its length stays."""
    low = word.lower()
    if len(low) == len(word) and "\u03a3" not in word:
        return low
    return "".join(one if len(one := letter.lower()) == 1 else letter for letter in word)
