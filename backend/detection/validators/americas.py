"""Identity, tax and licence numbers of the Americas."""

from typing import Final

from backend.detection.validators.shared import Validators, by_stdnum, digits_of, is_valid


def _us_ssn(value: str) -> bool:
    return is_valid("us.ssn", digits_of(value))


def _us_itin(value: str) -> bool:
    """IRS: 9xx, with a group of 50-65, 70-88, 90-92 or 94-99."""
    digits = digits_of(value)
    group = int(digits[3:5] or 0)
    is_group = 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99  # noqa: PLR2004
    return len(digits) == 9 and digits[0] == "9" and is_group  # noqa: PLR2004 -- the number's length


AMERICAS: Final[Validators] = {
    "br_cpf": by_stdnum("br.cpf"),
    "ca_sin": by_stdnum("ca.sin"),
    "us_itin": _us_itin,
    "us_ssn": _us_ssn,
}
