"""Why somebody has to send what the policy stops: a category, and words that say something.

Words are refused when they are no effort: they are what an approver and an auditor decide by.
"""

import itertools
from typing import Final

CATEGORIES: Final = (
    "treatment", "operations", "legal", "public_data", "synthetic_data", "consent", "other",
)  # fmt: skip
LONGEST: Final = 500
LEAST_LETTERS: Final = 10
LEAST_DIFFERENT: Final = 5
LEAST_WORDS: Final = 2
LONGEST_RUN: Final = 3
_ROWS: Final = ("asdf", "sdfg", "qwer", "wert", "yxcv", "zxcv", "hjkl", "azer", "qsdf", "uiop")
_DENSE: Final = ((0x0E00, 0x0EFF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))
"""Thai, Lao, Japanese, Chinese, Korean: a sign says more, and there may be no spaces."""
_DENSE_WEIGHT: Final = 3


def is_low_effort(words: str) -> bool:
    """Return whether words say nothing: too few, the same again, a row of the keyboard."""
    lowered = words.lower()
    letters = [letter for letter in lowered if letter.isalpha()]
    dense = sum(_is_dense(letter) for letter in letters)
    if len(letters) + dense * (_DENSE_WEIGHT - 1) < LEAST_LETTERS:
        return True
    if len(set(letters)) < LEAST_DIFFERENT or any(row in lowered for row in _ROWS):
        return True
    if any(len(list(run)) > LONGEST_RUN for _, run in itertools.groupby(letters)):
        return True
    return not dense and len(set(_words(lowered))) < LEAST_WORDS


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalpha() else " " for sign in text).split()


def _is_dense(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _DENSE)
