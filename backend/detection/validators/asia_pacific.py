"""Identity and tax numbers of Asia, the Pacific and Africa."""

from typing import Final

from stdnum import verhoeff

from backend.detection.validators.shared import Validators, by_stdnum, digits_of


def _aadhaar(value: str) -> bool:
    digits = digits_of(value)
    return len(digits) == 12 and digits[0] not in "01" and bool(verhoeff.is_valid(digits))  # noqa: PLR2004


ASIA_PACIFIC: Final[Validators] = {
    "aadhaar": _aadhaar,
    "au_tfn": by_stdnum("au.tfn"),
}
