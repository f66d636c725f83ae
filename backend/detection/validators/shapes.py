"""Numbers without a check digit, of which a shape is all there is to check."""

from typing import Final

from backend.detection.validators.shared import Validators, plain_of

_LEAST_VARIETY: Final = 4


def _varied(value: str) -> bool:
    """Refuse placeholders such as A1111111: fewer than four different letters and digits."""
    return len(set(plain_of(value))) >= _LEAST_VARIETY


SHAPES: Final[Validators] = {"varied": _varied}
