"""Identity, tax and company numbers of the Nordic and Baltic states."""

import re
from typing import Final

from backend.detection.validators.shared import (
    Validators,
    digits_of,
    exists,
    is_valid,
    shaped,
    stdnum_of,
    total,
)  # fmt: skip

_HETU: Final = re.compile(r"[0-9]{6}[-+A-FU-Ya-fu-y][0-9]{3}[0-9A-Za-z]")
_COORDINATED: Final = 60


def _fi_hetu(value: str) -> bool:
    """Laki 661/2009, 11: the sign of the century is part of the number."""
    return _HETU.fullmatch(value) is not None and is_valid("fi.hetu", value, allow_temporary=True)


def _se_born(digits: str) -> bool:
    """Skatteverket SKV 704 and 707: a coordination number has 60 added to the day."""
    century, (year, month, day) = digits[:-10] or "20", map(int, re.findall("..", digits[-10:-4]))
    return exists(int(century) * 100 + year, month, day % _COORDINATED)


def _no_sums(digits: str) -> bool:
    """Skatteetaten, fødselsnummer: two check digits, each of which makes a sum a multiple of 11."""
    first, second = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    return total(digits, first) % 11 == 0 and total(digits, second) % 11 == 0


NORDIC_BALTIC: Final[Validators] = {
    "dk_cpr": stdnum_of("dk.cpr", "[0-9]{10}"),
    "dk_cvr": stdnum_of("dk.cvr", "(?:DK)?([1-9][0-9]{7})"),
    "ee_company": stdnum_of("ee.registrikood", "[1789][0-9]{7}"),
    "ee_vat": stdnum_of("ee.kmkr", "(?:EE)?([0-9]{9})"),
    "fi_hetu": _fi_hetu,
    "fi_ytunnus": stdnum_of("fi.ytunnus", "(?:FI)?([0-9]{8})"),
    "isikukood": stdnum_of("ee.ik", "[1-8][0-9]{10}"),
    "is_kennitala": stdnum_of("is_.kennitala", "[0-7][0-9]{8}[09]"),
    "lt_vat": stdnum_of("lt.pvm", "(?:LT)?([0-9]{7}1[0-9]|[0-9]{10}1[0-9])"),
    "lv_vat": stdnum_of("lv.pvn", "(?:LV)?([0-9]{11})"),
    "no_account": stdnum_of("no.kontonr", "[0-9]{11}"),
    "no_fodselsnummer": stdnum_of("no.fodselsnummer", "[0-7][0-9]{10}", _no_sums),
    "no_orgnr": stdnum_of("no.orgnr", "(?:NO)?([0-9]{9})(?:MVA)?"),
    "se_orgnr": stdnum_of("se.orgnr", "[1-9][0-9][2-9][0-9]{7}"),
    "se_personnummer": shaped(
        "(?:19|20)?[0-9]{10}",
        _se_born,
        lambda digits: is_valid("luhn", digits_of(digits)[-10:]),
    ),
    "se_vat": stdnum_of("se.vat", "(?:SE)?([0-9]{10}01)"),
}
