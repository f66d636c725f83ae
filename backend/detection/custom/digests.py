"""Known values, found by keyed digests: the list holds no value, and none can be guessed back.

A value is taken by its letters and digits alone, in lower case: `(415) 555-0132` and `415 555 0132`
are one. Its digest is HMAC-SHA256 (RFC 2104) with a key per client, cut to 128 bits.
"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Final

import regex

from backend.detection.normalise import folded, normalise
from backend.detection.views import View

MOST_WORDS: Final = 6
SHORTEST: Final = 4
LONGEST: Final = 64
_DIGEST_BYTES: Final = 16
_FARTHEST: Final = 3
_WORD: Final = regex.compile(r"[\p{L}\p{N}]+")


class Digester:
    """Digests with one client's key."""

    def __init__(self, key: bytes) -> None:
        self._keyed = hmac.new(key, digestmod=hashlib.sha256)

    def of(self, letters: str) -> str:
        """Return 32 hex digits for letters and digits as `plain` returns them."""
        made = self._keyed.copy()
        made.update(letters.encode("utf-8", "replace"))
        return made.digest()[:_DIGEST_BYTES].hex()


def plain(value: str) -> str:
    """Return the letters and digits of a value in lower case."""
    return "".join(words(value))


def words(value: str) -> list[str]:
    """Return its runs of letters and digits, in lower case."""
    return list(_WORD.findall(folded(normalise(value).text)))


def pieces(view: View, lengths: frozenset[int]) -> Iterator[tuple[str, int, int]]:
    """Yield `(letters, start, end)` of every run of words of these lengths, in offsets of `view`.

    A value has at most six words, and between two of them stand at most three signs.
    """
    text = folded(view.text)
    words = [(found[0], *found.span()) for found in _WORD.finditer(text)]
    longest = max(lengths, default=0)
    for first, (word, start, end) in enumerate(words):
        letters, count, last = word, 1, end
        while True:
            if len(letters) in lengths:
                yield letters, start, last
            following = words[first + count : first + count + 1]
            is_last = count >= MOST_WORDS or len(letters) >= longest or not following
            if is_last or following[0][1] - last > _FARTHEST:
                break
            letters, count, last = letters + following[0][0], count + 1, following[0][2]
