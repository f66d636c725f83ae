"""What was made lately, bounded in number: whatever was longest unasked-for goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """At most `most` values by their keys, within one process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return what is kept under a key, None when nothing is."""
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def forget(self, key: Key) -> None:
        """Keep nothing under a key."""
        self._held.pop(key, None)

    def keep(self, key: Key, value: Value) -> None:
        """Keep a value under a key, in place of the one before."""
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
