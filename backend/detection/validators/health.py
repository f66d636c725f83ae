"""Numbers of patients and clinicians."""

from typing import Final

from backend.detection.validators.shared import Validators, digits_of, is_valid, plain_of, total

_CARD_PREFIX: Final = "80840"
_PLACES: Final = "0123456789ABCDEFGHJKLMNPQRTUVWXY"
_PROVIDER_CHECKS: Final = "YXWTLKJHFBA"
_GTIN_DIGITS: Final = 14
_PARTITIONS: Final = frozenset({"00", "01", "02", "10", "11", "12"})


def _npi(value: str) -> bool:
    """45 CFR 162.406: Luhn over the ten digits behind the prefix 80840."""
    digits = digits_of(value)
    if len(digits) == 15:  # noqa: PLR2004 -- with the issuer's prefix
        digits = digits.removeprefix(_CARD_PREFIX)
    return len(digits) == 10 and digits[0] in "12" and is_valid("luhn", _CARD_PREFIX + digits)  # noqa: PLR2004


def _dea(value: str) -> bool:
    """21 CFR 1301: (d1+d3+d5) + 2(d2+d4+d6), last digit equals d7."""
    digits = [int(digit) for digit in digits_of(value[2:])]
    if len(digits) != 7:  # noqa: PLR2004 -- the number's own length
        return False
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def _nhs(value: str) -> bool:
    """NHS Data Dictionary, NHS NUMBER: weights 10 to 2, the check digit makes a multiple of 11."""
    digits = digits_of(value)
    is_number = len(digits) == 10 and len(set(digits)) > 1  # noqa: PLR2004
    return is_number and total(digits, range(10, 0, -1)) % 11 == 0


def _au_ihi(value: str) -> bool:
    """AS 5017: Luhn over sixteen digits that start with 80036 and the kind of holder."""
    digits = digits_of(value)
    is_ours = len(digits) == 16 and digits[:6] in {"800360", "800361", "800362"}  # noqa: PLR2004
    return is_ours and is_valid("luhn", digits)


def _au_provider(value: str) -> bool:
    """Services Australia: six weighted digits and the place of practice, modulo 11."""
    plain = plain_of(value)
    if len(plain) != 8 or not plain[:6].isdecimal() or plain[6] not in _PLACES:  # noqa: PLR2004
        return False
    weighted = zip(map(int, plain[:6]), (3, 5, 8, 4, 2, 1), strict=True)
    total = sum(digit * weight for digit, weight in weighted) + 6 * _PLACES.index(plain[6])
    return plain[7] == _PROVIDER_CHECKS[total % 11]


def _loinc(value: str) -> bool:
    """LOINC users' guide, appendix C: Luhn."""
    return is_valid("luhn", digits_of(value))


def _snomed(value: str) -> bool:
    """SNOMED CT release file specification 5.4: partition before the Verhoeff check digit."""
    digits = digits_of(value)
    return digits[-3:-1] in _PARTITIONS and is_valid("verhoeff", digits)


def _udi(value: str) -> bool:
    """GS1 general specifications 7.9: check digit of the device's number behind (01)."""
    digits = digits_of(value).removeprefix("01")[:_GTIN_DIGITS]
    return len(digits) == _GTIN_DIGITS and is_valid("ean", digits)


HEALTH: Final[Validators] = {
    "au_ihi": _au_ihi,
    "au_provider": _au_provider,
    "dea": _dea,
    "loinc": _loinc,
    "nhs": _nhs,
    "npi": _npi,
    "snomed": _snomed,
    "udi": _udi,
}
