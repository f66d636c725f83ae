"""Named checks a rule may ask for; checksums by python-stdnum behind our names."""

import calendar
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from stdnum import iban, imei, luhn, verhoeff
from stdnum.au import tfn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.us import rtn, ssn

Validator = Callable[[str], bool]
_NOT_DIGIT: Final = re.compile(r"[^0-9]")
_NOT_ALPHANUMERIC: Final = re.compile(r"[^0-9A-Za-z]")
_DATE: Final = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2}))"
    r"|(?:(?P<first>[0-9]{1,2})[-/.](?P<second>[0-9]{1,2})[-/.](?P<last>(?:19|20)?[0-9]{2}))"
)
_CARD_LENGTHS: Final = range(12, 20)
# Issuer ranges (ISO/IEC 7812-1): Visa, Mastercard, Amex, Discover, Diners, JCB, UnionPay, Maestro.
_CARD_ISSUER: Final = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6011|64[4-9]|65|30[0-5]|3[689]|35(?:2[89]|[3-8])"
    r"|62|50|5[6-8]|63|67"
)


def _digits(value: str) -> str:
    return _NOT_DIGIT.sub("", value)


def _by_stdnum(module: Any) -> Validator:
    def check(value: str) -> bool:
        return bool(module.is_valid(_NOT_ALPHANUMERIC.sub("", value)))

    return check


def _luhn(value: str) -> bool:
    digits = _digits(value)
    return len(digits) > 1 and bool(luhn.is_valid(digits))


def _card(value: str) -> bool:
    digits = _digits(value)
    return (
        len(digits) in _CARD_LENGTHS
        and _CARD_ISSUER.match(digits) is not None
        and len(set(digits)) > 1
        and bool(luhn.is_valid(digits))
    )


def _npi(value: str) -> bool:
    """45 CFR 162.406: Luhn over the ten digits behind the prefix 80840."""
    digits = _digits(value)
    return len(digits) == 10 and digits[0] in "12" and bool(luhn.is_valid("80840" + digits))  # noqa: PLR2004


def _dea(value: str) -> bool:
    """21 CFR 1301: (d1+d3+d5) + 2(d2+d4+d6), last digit equals d7."""
    digits = [int(digit) for digit in _digits(value[2:])]
    if len(digits) != 7:  # noqa: PLR2004 -- the number's own length
        return False
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def _us_ssn(value: str) -> bool:
    return bool(ssn.is_valid(_digits(value)))


def _us_itin(value: str) -> bool:
    """IRS: 9xx, with a group of 50-65, 70-88, 90-92 or 94-99."""
    digits = _digits(value)
    group = int(digits[3:5] or 0)
    is_group = 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99  # noqa: PLR2004
    return len(digits) == 9 and digits[0] == "9" and is_group  # noqa: PLR2004 -- the number's length


def _vin(value: str) -> bool:
    """49 CFR 565.15: weighted sum modulo 11 in the ninth place."""
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    letters = dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)),
            strict=True,
        )
    )
    upper = value.upper()
    if len(upper) != len(weights) or any(c in "IOQ" for c in upper) or len(set(upper)) < 4:  # noqa: PLR2004
        return False
    numbers = [int(c) if c.isdecimal() else letters[c] for c in upper]
    remainder = sum(n * w for n, w in zip(numbers, weights, strict=True)) % 11
    return upper[8] == ("X" if remainder == 10 else str(remainder))  # noqa: PLR2004 -- X stands for ten


def _calendar_date(value: str) -> bool:
    """Day and month in either order; two-digit years count."""
    found = _DATE.fullmatch(value)
    if found is None:
        return False
    if found["year"]:
        return _exists(int(found["year"]), int(found["month"]), int(found["day"]))
    year, first, second = int(found["last"]), int(found["first"]), int(found["second"])
    full = year if year > 99 else 2000 + year  # noqa: PLR2004 -- a leap year allows 29 February
    return _exists(full, first, second) or _exists(full, second, first)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]  # noqa: PLR2004


def _ipv4(value: str) -> bool:
    parts = value.split(".")
    return len(parts) == 4 and all(len(p) < 4 and int(p) < 256 for p in parts)  # noqa: PLR2004


def _ip_public(value: str) -> bool:
    """Neither private, loopback, link-local nor documentation (RFC 1918, 5735, 5737)."""
    if not _ipv4(value):
        return False
    a, b, c, _ = (int(part) for part in value.split("."))
    return not (
        a in {0, 10, 127} or a >= 224 or (a == 172 and 16 <= b < 32) or (a == 192 and b == 168)  # noqa: PLR2004
        or (a == 169 and b == 254) or (a, b, c) in {(192, 0, 2), (198, 51, 100), (203, 0, 113)}  # noqa: PLR2004
    )  # fmt: skip


def _imei(value: str) -> bool:
    digits = _digits(value)
    return len(digits) == 15 and len(set(digits)) > 2 and bool(imei.is_valid(digits))  # noqa: PLR2004


def _aadhaar(value: str) -> bool:
    digits = _digits(value)
    return len(digits) == 12 and digits[0] not in "01" and bool(verhoeff.is_valid(digits))  # noqa: PLR2004


def _nhs(value: str) -> bool:
    digits = _digits(value)
    return len(digits) == 10 and len(set(digits)) > 1 and bool(nhs.is_valid(digits))  # noqa: PLR2004


def _aba(value: str) -> bool:
    """Federal Reserve prefixes 00-12, 21-32, 61-72, 80 (ABA routing number policy)."""
    digits = _digits(value)
    prefix = int(digits[:2] or 99)
    is_prefix = 0 < prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80  # noqa: PLR2004
    return len(digits) == 9 and is_prefix and bool(rtn.is_valid(digits))  # noqa: PLR2004


VALIDATORS: Final[Mapping[str, Validator]] = {
    "aadhaar": _aadhaar,
    "aba": _aba,
    "au_tfn": _by_stdnum(tfn),
    "br_cpf": _by_stdnum(cpf),
    "ca_sin": _by_stdnum(sin),
    "calendar_date": _calendar_date,
    "card": _card,
    "codice_fiscale": _by_stdnum(codicefiscale),
    "dea": _dea,
    "de_tax_id": _by_stdnum(idnr),
    "es_dni": _by_stdnum(dni),
    "es_nie": _by_stdnum(nie),
    "fr_nir": _by_stdnum(nir),
    "iban": _by_stdnum(iban),
    "imei": _imei,
    "ip_public": _ip_public,
    "luhn": _luhn,
    "nhs": _nhs,
    "nl_bsn": _by_stdnum(bsn),
    "npi": _npi,
    "us_itin": _us_itin,
    "us_ssn": _us_ssn,
    "vin": _vin,
}
