"""What checks are made of: digits, letters, and python-stdnum behind our names."""

import calendar
import functools
import importlib  # noqa: TID251 -- a hundred modules of python-stdnum, of which a text needs few
import re
from collections.abc import Callable, Mapping, Sequence
from operator import mul
from types import ModuleType
from typing import Final

from backend.detection.later import pattern

Validator = Callable[[str], bool]
Validators = Mapping[str, Validator]
_SHORTEST_MONTH: Final = 28
_NOT_DIGIT: Final = re.compile(r"[^0-9]")
_NOT_ALPHANUMERIC: Final = re.compile(r"[^0-9A-Za-z]")


def digits_of(value: str) -> str:
    """Return the digits of `value`."""
    return _NOT_DIGIT.sub("", value)


def plain_of(value: str) -> str:
    """Return the ASCII letters and digits of `value`, in upper case."""
    plain = value if value.isalnum() and value.isascii() else _NOT_ALPHANUMERIC.sub("", value)
    return plain.upper()


def is_valid(module: str, number: str, *others: str, **options: bool) -> bool:
    """Return whether a number is valid to a module of python-stdnum, such as `gb.nhs`.

    Only who has such a number waits until the module is read.
    """
    return bool(_stdnum(module).is_valid(number, *others, **options))


def by_stdnum(module: str) -> Validator:
    """Return the check of a module of python-stdnum, such as `gb.nhs`, over letters and digits."""
    return lambda value: is_valid(module, plain_of(value))


def shaped(shape: str, *checks: Validator) -> Validator:
    """Accept values whose letters and digits are `shape` and pass `checks`, not all of one sign.

    Where `shape` has a group, the checks see only what it holds: a number without its country.
    """

    def check(value: str) -> bool:
        found = pattern(shape).fullmatch(plain_of(value))
        if found is None:
            return False
        number = found[found.re.groups]
        return len(set(number)) > 1 and all(one(number) for one in checks)

    return check


def stdnum_of(module: str, shape: str, *sooner: Validator) -> Validator:
    """Accept what is `shape` and valid to a module of python-stdnum, which may fail on others.

    A module takes twenty microseconds: of numbers that tables are full of, `sooner` asks a sum.
    """
    return shaped(shape, *sooner, lambda plain: is_valid(module, plain))


def total(digits: str, weights: Sequence[int]) -> int:
    """Return the weighted sum of the first digits."""
    return sum(map(mul, map(int, digits), weights))


def exists(year: int, month: int, day: int) -> bool:
    """Return whether the calendar has such a day."""
    if not 1 <= month <= 12 or day < 1:  # noqa: PLR2004
        return False
    return day <= _SHORTEST_MONTH or day <= calendar.monthrange(year, month)[1]


@functools.cache
def _stdnum(module: str) -> ModuleType:
    return importlib.import_module(f"stdnum.{module}")
