"""Identity and tax numbers of Asia, the Pacific and Africa."""

from typing import Final

from backend.detection.validators.shared import Validators, by_stdnum, digits_of, is_valid


def _aadhaar(value: str) -> bool:
    digits = digits_of(value)
    return len(digits) == 12 and digits[0] not in "01" and is_valid("verhoeff", digits)  # noqa: PLR2004


ASIA_PACIFIC: Final[Validators] = {
    "aadhaar": _aadhaar,
    "au_tfn": by_stdnum("au.tfn"),
}
