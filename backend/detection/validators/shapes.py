"""Numbers without a check digit, of which a shape is all there is to check."""

from typing import Final

from backend.detection.validators.shared import Validators, plain_of

_LEAST_VARIETY: Final = 4
_IN_CODE: Final = frozenset("()[]{}<>$\\")
_BEGINS_A_PATH: Final = frozenset("/~.%:=")
_JOINS_NAMES: Final = frozenset("._-:/")
_MANY_KINDS: Final = 3
_SEVERAL: Final = 2


def _varied(value: str) -> bool:
    """Refuse placeholders such as A1111111: fewer than four different letters and digits."""
    return len(set(plain_of(value))) >= _LEAST_VARIETY


def _mixed(value: str) -> bool:
    """Accept what somebody would choose as a password, refuse calls, names and paths in code."""
    if value[:1] in _BEGINS_A_PATH or not _IN_CODE.isdisjoint(value):
        return False
    signs = {letter for letter in value if not letter.isalnum()}
    digits = sum(letter.isdigit() for letter in value)
    kinds = [bool(signs), digits > 0, any(map(str.isupper, value)), any(map(str.islower, value))]
    if not any(map(str.isalpha, value)):
        return False
    if signs and signs <= _JOINS_NAMES:
        return all(kinds)
    return sum(kinds) >= _MANY_KINDS or (digits >= _SEVERAL and sum(kinds) > 1)


SHAPES: Final[Validators] = {"mixed": _mixed, "varied": _varied}
