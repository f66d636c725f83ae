"""Tax, health and account numbers of Australia and New Zealand."""

from typing import Final

from backend.detection.validators.families import (
    DIGITS,
    keyed,
    numbered,
    of_stdnum,
)  # fmt: skip
from backend.detection.validators.shared import Validators

_NZ_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
# Payments NZ, validation algorithms: weights of the digits, and the modulus; where the last is
# true, the digits of a product are added up.
_F: Final = ((0, 0, 0, 0, 0, 0, 1, 7, 3, 1, 7, 3, 1, 0, 0, 0), 10, False)
_G: Final = ((0, 0, 0, 0, 0, 0, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1), 10, True)
_NZ_BANKS: Final = {
    "08": ((0, 0, 0, 0, 0, 0, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0), 11, False),
    "09": ((0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 4, 3, 2, 0, 0, 1), 11, True),
    "25": _F, "33": _F, "26": _G, "28": _G, "29": _G,
}  # fmt: skip
_LOW: Final = ((0, 0, 6, 3, 7, 9, 0, 10, 5, 8, 4, 2, 1, 0, 0, 0), 11, False)
_HIGH: Final = ((0, 0, 0, 0, 0, 0, 0, 10, 5, 8, 4, 2, 1, 0, 0, 0), 11, False)


def _nz_bank(plain: str) -> bool:
    """Weigh bank, branch and base, the branch only below base 0990000; suffix of 2 or 3 digits."""
    number = plain if len(plain) == 16 else plain[:13] + "0" + plain[13:]  # noqa: PLR2004
    usual = _HIGH if number[6:13] >= "0990000" else _LOW
    weights, modulus, is_folded = _NZ_BANKS.get(number[:2], usual)
    products = [w * int(digit) for w, digit in zip(weights, number, strict=True)]
    if is_folded:
        products = [one % 9 if one > 9 else one for one in products]  # noqa: PLR2004
    return sum(products) % modulus == 0


def _nz_nhi(plain: str) -> bool:
    """HISO 10046: letters count from one; the last sign brings the sum up to 11, or 23 or 24."""
    values = [_NZ_LETTERS.index(s) + 1 if s in _NZ_LETTERS else int(s) for s in plain[:6]]
    weighed = sum(v * w for v, w in zip(values, range(7, 1, -1), strict=True))
    if plain[6].isdigit():
        return weighed % 11 != 0 and plain[6] == str((11 - weighed % 11) % 10)
    return plain[6] == _NZ_LETTERS[22 - weighed % 23]


OCEANIA: Final[Validators] = {
    "au_abn": of_stdnum("au.abn", r"[0-9]{11}"),
    "au_acn": of_stdnum("au.acn", r"[0-9]{9}"),
    "au_medicare": numbered(r"[2-6][0-9]{8}[1-9][0-9]?", keyed((1, 3, 7, 9, 1, 3, 7, 9), DIGITS)),
    "nz_bank": numbered(r"(?:0[1-46]|0[89]|1[0-9]|2[0-57]|3[0358])[0-9]{13,14}", _nz_bank),
    "nz_ird": of_stdnum("nz.ird", r"[0-9]{8,9}"),
    "nz_nhi": numbered(r"[A-HJ-NP-Z]{3}(?:[0-9]{4}|[0-9]{2}[A-HJ-NP-Z]{2})", _nz_nhi),
}
