"""Cards, accounts and other numbers of money."""

import re
from typing import Final

from backend.detection.validators.shared import Validators, digits_of, is_valid, plain_of

_CARD_LENGTHS: Final = range(12, 20)
# Issuer ranges (ISO/IEC 7812-1): Visa, Mastercard, Amex, Discover, Diners, JCB, UnionPay, Maestro.
_CARD_ISSUER: Final = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6011|64[4-9]|65|30[0-5]|3[689]|35(?:2[89]|[3-8])"
    r"|62|50|5[6-8]|63|67"
)


def _luhn(value: str) -> bool:
    digits = digits_of(value)
    return len(digits) > 1 and is_valid("luhn", digits)


def _card(value: str) -> bool:
    digits = digits_of(value)
    return (
        len(digits) in _CARD_LENGTHS
        and _CARD_ISSUER.match(digits) is not None
        and len(set(digits)) > 1
        and is_valid("luhn", digits)
    )


def _iban(value: str) -> bool:
    """ISO 13616-1: structure of the country, and ISO 7064 mod 97-10."""
    number = plain_of(value)
    return number[2:4].isdigit() and is_valid("iban", number, check_country=False)


def _aba(value: str) -> bool:
    """Federal Reserve prefixes 00-12, 21-32, 61-72, 80 (ABA routing number policy)."""
    digits = digits_of(value)
    prefix = int(digits[:2] or 99)
    is_prefix = 0 < prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80  # noqa: PLR2004
    return len(digits) == 9 and is_prefix and is_valid("us.rtn", digits)  # noqa: PLR2004


FINANCE: Final[Validators] = {
    "aba": _aba,
    "card": _card,
    "iban": _iban,
    "luhn": _luhn,
}
