"""What checks are made of: digits, letters, and python-stdnum behind our names."""

import functools
import importlib  # noqa: TID251 -- a hundred modules of python-stdnum, of which a text needs few
import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Final

Validator = Callable[[str], bool]
Validators = Mapping[str, Validator]
_NOT_DIGIT: Final = re.compile(r"[^0-9]")
_NOT_ALPHANUMERIC: Final = re.compile(r"[^0-9A-Za-z]")


def digits_of(value: str) -> str:
    """Return the digits of `value`."""
    return _NOT_DIGIT.sub("", value)


def plain_of(value: str) -> str:
    """Return the ASCII letters and digits of `value`, in upper case."""
    return _NOT_ALPHANUMERIC.sub("", value).upper()


def by_stdnum(module: str) -> Validator:
    """Return the check of a module of python-stdnum, such as `gb.nhs`, over letters and digits."""

    def check(value: str) -> bool:
        return bool(_stdnum(module).is_valid(plain_of(value)))

    return check


@functools.cache
def _stdnum(module: str) -> ModuleType:
    return importlib.import_module(f"stdnum.{module}")
