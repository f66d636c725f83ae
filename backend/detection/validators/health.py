"""Numbers of patients and clinicians."""

from typing import Final

from stdnum import luhn
from stdnum.gb import nhs

from backend.detection.validators.shared import Validators, digits_of


def _npi(value: str) -> bool:
    """45 CFR 162.406: Luhn over the ten digits behind the prefix 80840."""
    digits = digits_of(value)
    return len(digits) == 10 and digits[0] in "12" and bool(luhn.is_valid("80840" + digits))  # noqa: PLR2004


def _dea(value: str) -> bool:
    """21 CFR 1301: (d1+d3+d5) + 2(d2+d4+d6), last digit equals d7."""
    digits = [int(digit) for digit in digits_of(value[2:])]
    if len(digits) != 7:  # noqa: PLR2004 -- the number's own length
        return False
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def _nhs(value: str) -> bool:
    digits = digits_of(value)
    return len(digits) == 10 and len(set(digits)) > 1 and bool(nhs.is_valid(digits))  # noqa: PLR2004


HEALTH: Final[Validators] = {
    "dea": _dea,
    "nhs": _nhs,
    "npi": _npi,
}
