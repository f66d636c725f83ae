"""Identity, tax, company and health numbers of western Europe: British Isles to Austria."""

import re
from typing import Final

from backend.detection.validators.shared import (
    Validators,
    exists,
    is_valid,
    shaped,
    stdnum_of,
    total,
)  # fmt: skip

_LEITWEG: Final = re.compile("[0-9]{2,12}(?:-[0-9A-Z]{1,30})?-[0-9]{2}")


def _icao(plain: str) -> bool:
    """ICAO Doc 9303-3, 4.9: weights 7, 3, 1 over digits and letters as numbers."""
    weighed = sum(int(sign, 36) * (7, 3, 1)[place % 3] for place, sign in enumerate(plain[:-1]))
    return weighed % 10 == int(plain[-1])


def _digit_sums(digits: str, weights: tuple[int, ...]) -> int:
    weighed = (int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    return sum(number // 10 + number % 10 for number in weighed)


def _de_kvnr(plain: str) -> bool:
    """SGB V 290; GKV-Spitzenverband: the letter as two digits, weights 1 and 2, digit sums."""
    return _digit_sums(f"{ord(plain[0]) - 64:02}{plain[1:9]}", (1, 2) * 5) % 10 == int(plain[9])


def _de_svnr(plain: str) -> bool:
    """SGB VI 147; VKVV 4: area, birth date, letter as two digits, serial, check digit."""
    day, month = int(plain[2:4]) % 50, int(plain[4:6])
    digits = f"{plain[:8]}{ord(plain[8]) - 64:02}{plain[9:11]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    is_day = day <= 31 and month <= 12  # noqa: PLR2004 -- months and days may be unknown
    return is_day and _digit_sums(digits, weights) % 10 == int(plain[11])


def _de_lanr(digits: str) -> bool:
    """SGB V 75 (7); KBV: six digits weighted 4 and 9, the seventh makes ten."""
    return (10 - total(digits[:6], (4, 9) * 3) % 10) % 10 == int(digits[6])


def _de_leitweg(value: str) -> bool:
    plain = value.upper()
    return _LEITWEG.fullmatch(plain) is not None and is_valid("de.leitweg", plain)


def _be_sum(digits: str) -> bool:
    """Arrêté royal 3.4.1984: 97 less the remainder, with a 2 in front from the year 2000 on."""
    number, key = int(digits[:9]), 97 - int(digits[9:])
    return key in {number % 97, (2_000_000_000 + number) % 97}


def _at_born(digits: str) -> bool:
    """ASVG 460d: where the birth date is unknown, months 13 to 15 stand for it."""
    return 1 <= int(digits[4:6]) <= 31 and 1 <= int(digits[6:8]) <= 15  # noqa: PLR2004


def _lu_id(digits: str) -> bool:
    """Règlement grand-ducal 28.11.2013: date, serial, a Luhn digit and a Verhoeff digit."""
    born = exists(int(digits[:4]) or 1, int(digits[4:6]), int(digits[6:8]))
    return born and is_valid("luhn", digits[:12]) and is_valid("verhoeff", digits[:11] + digits[12])


WEST: Final[Validators] = {
    "at_tax": stdnum_of("at.tin", "[0-9]{9}"),
    "at_vat": stdnum_of("at.uid", "(?:AT)?(U[0-9]{8})"),
    "at_vnr": shaped("[1-9][0-9]{9}", stdnum_of("at.vnr", "[0-9]{10}"), _at_born),
    "be_card": stdnum_of("be.eid", "[0-9]{12}"),
    "be_nn": stdnum_of("be.ssn", "[0-9]{11}", _be_sum),
    "be_vat": stdnum_of("be.vat", "(?:BE)?([01]?[0-9]{9})"),
    "ch_ahv": stdnum_of("ch.ssn", "756[0-9]{10}"),
    "ch_esr": stdnum_of("ch.esr", "[0-9]{16,27}"),
    "ch_uid": stdnum_of("ch.uid", "(CHE[0-9]{9})(?:MWST|TVA|IVA|TPV)?"),
    "de_kvnr": shaped("([A-Z][0-9]{9})(?:[0-9]{10})?", _de_kvnr),
    "de_lanr": shaped("[0-9]{9}", _de_lanr),
    "de_leitweg": _de_leitweg,
    "de_svnr": shaped("[0-9]{8}[A-Z][0-9]{3}", _de_svnr),
    "de_vat": stdnum_of("de.vat", "(?:DE)?([1-9][0-9]{8})"),
    "fr_siren": stdnum_of("fr.siren", "(?:RCS[A-Z]{2,90})?([0-9]{9})"),
    "fr_siret": stdnum_of("fr.siret", "[0-9]{14}"),
    "fr_tax": stdnum_of("fr.nif", "[0-3][0-9]{12}"),
    "fr_vat": stdnum_of("fr.tva", "(?:FR)?([0-9A-HJ-NP-Z]{2}[0-9]{9})"),
    "ie_pps": stdnum_of("ie.pps", "[0-9]{7}[A-W][ABHWTX]?"),
    "ie_vat": stdnum_of("ie.vat", "(?:IE)?([0-9][0-9A-Z][0-9]{5}[A-W][A-IW]?)"),
    "icao": shaped("[A-Z][0-9A-Z]{8}[0-9]", _icao),
    "lu_id": shaped("(?:18|19|20)[0-9]{11}", _lu_id),
    "lu_vat": stdnum_of("lu.tva", "(?:LU)?([0-9]{8})"),
    "nl_onderwijsnummer": stdnum_of("nl.onderwijsnummer", "10[0-9]{7}"),
    "nl_vat": stdnum_of("nl.btw", "(?:NL)?([0-9]{9}B[0-9]{2})"),
    "uk_chi": shaped(
        "[0-9]{10}",
        lambda digits: exists(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2])),
        stdnum_of("gb.nhs", "[0-9]{10}"),
    ),
    "uk_pupil": stdnum_of("gb.upn", "[A-Z][0-9]{11}[0-9A-Z]"),
    "uk_utr": stdnum_of("gb.utr", "([0-9]{10})K?"),
    "uk_vat": stdnum_of("gb.vat", "(?:GB|XI)?([0-9]{9}|[0-9]{12}|GD[0-4][0-9]{2}|HA[5-9][0-9]{2})"),
}
