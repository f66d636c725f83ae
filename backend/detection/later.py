"""Patterns of `re` that are compiled when first asked for: most texts need few of hundreds."""

import functools
import re


@functools.cache
def pattern(written: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is written in our source, and so one of not too many."""
    return re.compile(written, flags)
