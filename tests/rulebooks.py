"""The rulebook of the repository and its detector, each made once in a process."""

from functools import cache

from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook


@cache
def rulebook() -> Rulebook:
    """Return every rule."""
    return Rulebook.load()


@cache
def detector() -> Detector:
    """Return what finds with all of them."""
    return Detector(rulebook())
