"""Families of checks, of which a number's own check is made by naming its shape and its weights."""

import calendar
from collections.abc import Sequence
from typing import Final

from backend.detection.later import pattern
from backend.detection.validators.shared import Validator, by_stdnum, is_valid, plain_of

DIGITS: Final = "0123456789"
DIGITS_AND_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OLDEST: Final = 1850


def numbered(shape: str, *checks: Validator) -> Validator:
    """Accept values whose letters and digits, in upper case, are `shape` and pass all `checks`."""

    def check(value: str) -> bool:
        plain = plain_of(value)
        return pattern(shape).fullmatch(plain) is not None and all(one(plain) for one in checks)

    return check


def of_stdnum(module: str, shape: str) -> Validator:
    """Accept what is `shape` and valid to a module of python-stdnum, which may fail on others."""
    return numbered(shape, by_stdnum(module))


def either(*checks: Validator) -> Validator:
    """Accept what one of `checks` accepts."""
    return lambda value: any(one(value) for one in checks)


def turned(alphabet: str) -> str:
    """Return the key of checks that bring a sum up to a multiple: 0, 9, 8 ... 1 for digits."""
    return alphabet[0] + alphabet[:0:-1]


def total(plain: str, weights: Sequence[int], alphabet: str = DIGITS) -> int:
    """Return the weighted sum of the first signs of `plain`, by their places in `alphabet`."""
    return sum(w * alphabet.index(sign) for w, sign in zip(weights, plain, strict=False))


def keyed(
    weights: Sequence[int], key: str, *, first: int = 0, alphabet: str = DIGITS, plus: int = 0
) -> Validator:
    """Accept where the sign behind the weighted ones is that of `key` at their sum."""

    def check(plain: str) -> bool:
        weighed = total(plain[first:], weights, alphabet) + plus
        return plain[first + len(weights)] == key[weighed % len(key)]

    return check


def keyed_backwards(weights: Sequence[int], key: str) -> Validator:
    """Accept where the last sign is that of `key`, the weights going from right to left."""
    return lambda plain: plain[-1] == key[total(plain[-2::-1], weights) % len(key)]


def remains(
    weights: Sequence[int], modulus: int, wanted: int = 0, alphabet: str = DIGITS
) -> Validator:
    """Accept where the weighted sum leaves `wanted`."""
    return lambda plain: total(plain, weights, alphabet) % modulus == wanted


def luhn(first: int = 0, end: int | None = None, alphabet: str = DIGITS) -> Validator:
    """Accept where the signs from `first` to `end` pass the Luhn check."""
    return lambda plain: is_valid("luhn", plain[first:end], alphabet)


def dated(first: int, order: str = "YYMMDD", *, added: int = 0) -> Validator:
    """Accept where a date stands at `first`; `added` is what women's days have on top, say 40.

    A year of two digits may be of any century, so 29 February always passes with 00.
    """
    places = {letter: (order.index(letter), order.rindex(letter) + 1) for letter in "YMD"}

    def part(plain: str, letter: str) -> int:
        start, end = places[letter]
        return int(plain[first + start : first + end])

    def check(plain: str) -> bool:
        year, month, day = (part(plain, letter) for letter in "YMD")
        return is_date(year if year > 99 else 2000 + year, month, _without(day, added))  # noqa: PLR2004

    return check


def is_date(year: int, month: int, day: int) -> bool:
    """Return whether there was or will be such a day in the life of somebody alive."""
    if not (_OLDEST <= year <= 2100 and 1 <= month <= 12):  # noqa: PLR2004 -- the calendar
        return False
    return 1 <= day <= calendar.monthrange(year, month)[1]


def _without(day: int, added: int) -> int:
    return day - added if added and day > added else day
