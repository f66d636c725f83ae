"""How random a value looks."""

import math
from collections import Counter


def bits_per_character(value: str) -> float:
    """Return the Shannon entropy of the characters of `value`, in bits per character."""
    length = len(value)
    return -sum(n / length * math.log2(n / length) for n in Counter(value).values())
