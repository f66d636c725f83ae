"""Numbers of the European Union and its markets."""

import re
from typing import Final

from backend.detection.validators.shared import Validators, is_valid, stdnum_of

_EIC: Final = re.compile("[0-9]{2}[TVWXYZA][0-9A-Z-]{12}[0-9A-Z]")


def _eu_eic(value: str) -> bool:
    """ENTSO-E, EIC reference manual: the hyphen is a sign of the alphabet."""
    return _EIC.fullmatch(value) is not None and is_valid("eu.eic", value)


UNION: Final[Validators] = {
    "eu_banknote": stdnum_of("eu.banknote", "[A-Z][0-9A-Z][0-9]{10}"),
    "eu_creditor": stdnum_of("eu.at_02", "[A-Z]{2}[0-9]{2}[0-9A-Z]{4,31}"),
    "eu_ec_number": stdnum_of("eu.ecnumber", "[0-9]{7}"),
    "eu_eic": _eu_eic,
    "eu_oss": stdnum_of("eu.oss", "EU[0-9]{9}|IM[0-9]{10}"),
}
