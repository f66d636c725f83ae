"""Dates, network addresses, devices and vehicles."""

import re
from typing import Final

from backend.detection.validators.shared import Validators, digits_of, exists, is_valid

_DATE: Final = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2}))"
    r"|(?:(?P<first>[0-9]{1,2})[-/.](?P<second>[0-9]{1,2})[-/.](?P<last>(?:19|20)?[0-9]{2}))"
)
_VIN: Final = re.compile(r"[0-9A-HJ-NPR-Z]{17}")
_IPV4: Final = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})")
_LARGEST_OCTET: Final = 255


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
    if _VIN.fullmatch(upper) is None or len(set(upper)) < 4:  # noqa: PLR2004
        return False
    numbers = [int(c) if c.isdigit() else letters[c] for c in upper]
    remainder = sum(n * w for n, w in zip(numbers, weights, strict=True)) % 11
    return upper[8] == ("X" if remainder == 10 else str(remainder))  # noqa: PLR2004 -- X stands for ten


def _calendar_date(value: str) -> bool:
    """Day and month in either order; two-digit years count."""
    found = _DATE.fullmatch(value)
    if found is None:
        return False
    if found["year"]:
        return exists(int(found["year"]), int(found["month"]), int(found["day"]))
    year, first, second = int(found["last"]), int(found["first"]), int(found["second"])
    full = year if year > 99 else 2000 + year  # noqa: PLR2004 -- a leap year allows 29 February
    return exists(full, first, second) or exists(full, second, first)


def _ip_public(value: str) -> bool:
    """Neither private, loopback, link-local nor documentation (RFC 1918, 5735, 5737)."""
    found = _IPV4.fullmatch(value)
    if found is None:
        return False
    a, b, c, d = map(int, found.groups())
    return max(a, b, c, d) <= _LARGEST_OCTET and not (
        a in {0, 10, 127} or a >= 224 or (a == 172 and 16 <= b < 32) or (a == 192 and b == 168)  # noqa: PLR2004
        or (a == 169 and b == 254) or (a, b, c) in {(192, 0, 2), (198, 51, 100), (203, 0, 113)}  # noqa: PLR2004
    )  # fmt: skip


def _imei(value: str) -> bool:
    digits = digits_of(value)
    return len(digits) == 15 and len(set(digits)) > 2 and is_valid("imei", digits)  # noqa: PLR2004


TECHNICAL: Final[Validators] = {
    "calendar_date": _calendar_date,
    "imei": _imei,
    "ip_public": _ip_public,
    "vin": _vin,
}
