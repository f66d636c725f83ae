"""Tax, health and company numbers of Canada and the United States."""

from typing import Final

from backend.detection.validators.families import dated, luhn, numbered, of_stdnum
from backend.detection.validators.shared import Validators

_EIN_PREFIX: Final = r"(?:0[1-6]|1[0-6]|2[0-7]|3[0-9]|4[0-8]|5[0-9]|6[0-8]|7[1-7]|8[0-8]|9[0-58-9])"


def _ca_ramq(plain: str) -> bool:
    """Read a birth date, women's months having 50 on top."""
    month = int(plain[6:8])
    month -= 50 if month > 50 else 0  # noqa: PLR2004
    return dated(0)(f"{plain[4:6]}{month:02}{plain[8:10]}")


NORTH_AMERICA: Final[Validators] = {
    "ca_bc_phn": of_stdnum("ca.bc_phn", r"9[0-9]{9}"),
    "ca_bn": of_stdnum("ca.bn", r"[0-9]{9}(?:R[CMPT][0-9]{4})?"),
    "ca_ohip": numbered(r"[1-9][0-9]{9}(?:[A-Z]{2})?", luhn(0, 10)),
    "ca_ramq": numbered(r"[A-Z]{4}[0-9]{8}", _ca_ramq),
    "us_ein": numbered(_EIN_PREFIX + r"[0-9]{7}"),
}
