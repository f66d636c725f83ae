"""Finds out whether one of very many words stands in a text, by how they begin."""

from collections import defaultdict
from collections.abc import Sequence


class StopWords:
    """Words by their first letters: a text is looked at once, however many they are."""

    def __init__(self, words: Sequence[str]) -> None:
        self._size = min(map(len, words), default=0)
        self._by_start = defaultdict[str, list[str]](list)
        for word in words:
            self._by_start[word[: self._size]].append(word)

    def stand_in(self, text: str) -> bool:
        """Return whether one of them is part of a text."""
        size, by_start = self._size, self._by_start
        return any(
            text.startswith(word, place)
            for place in range(len(text) - size + 1)
            for word in by_start.get(text[place : place + size], ())
        )
