"""Numbers of international standards: securities, books, ships, containers, organisations."""

from typing import Final

from backend.detection.validators.families import (
    DIGITS,
    DIGITS_AND_LETTERS,
    keyed,
    luhn,
    numbered,
    of_stdnum,
    remains,
    turned,
)  # fmt: skip
from backend.detection.validators.shared import Validators, by_stdnum

_SEDOL: Final = (1, 3, 1, 7, 3, 9)
_SHIPMENT: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def _ups(plain: str) -> bool:
    """Count a letter as its code less 63, modulo 10, and every second sign twice."""
    values = [int(s) if s.isdigit() else (ord(s) - 63) % 10 for s in plain[2:17]]
    weighed = sum(v * (1 + place % 2) for place, v in enumerate(values))
    return plain[17] == str(-weighed % 10)


def _usps(plain: str) -> bool:
    """USPS Publication 199: weights 3 and 1 from the right, modulo 10."""
    return remains([1, 3] * 11, 10)(plain[::-1])


def _udi(plain: str) -> bool:
    """GS1 General Specifications: the fourteen digits behind (01) are a GTIN."""
    return by_stdnum("ean")(plain[2:16])


STANDARDS: Final[Validators] = {
    "casrn": numbered(r"[1-9][0-9]{4,9}", lambda plain: by_stdnum("casrn")(_cas(plain))),
    "cusip": of_stdnum("cusip", r"[0-9A-Z]{9}"),
    "ean": of_stdnum("ean", r"[0-9]{8}|[0-9]{12,14}"),
    "figi": of_stdnum("figi", r"[B-DF-HJ-NP-TV-Z]{2}G[0-9B-DF-HJ-NP-TV-Z]{8}[0-9]"),
    "grid": of_stdnum("grid", r"A1[0-9A-Z]{16}"),
    "iccid": numbered(r"89[0-9]{17,18}", luhn()),
    "imo": numbered(r"(?:IMO)?[0-9]{7}", lambda plain: by_stdnum("imo")(plain[-7:])),
    "isan": of_stdnum("isan", r"[0-9A-F]{16}[0-9A-Z](?:[0-9A-F]{8}[0-9A-Z])?"),
    "isbn": of_stdnum("isbn", r"[0-9]{9}[0-9X]|97[89][0-9]{10}"),
    "isin": of_stdnum("isin", r"[A-Z]{2}[0-9A-Z]{9}[0-9]"),
    "ismn": of_stdnum("ismn", r"M[0-9]{9}|9790[0-9]{9}"),
    "isni": of_stdnum("isni", r"[0-9]{15}[0-9X]"),
    "iso11649": of_stdnum("iso11649", r"RF[0-9]{2}[0-9A-Z]{1,21}"),
    "iso6346": of_stdnum("iso6346", r"[A-Z]{3}[UJZR][0-9]{7}"),
    "isrc": of_stdnum("isrc", r"[A-Z]{2}[0-9A-Z]{3}[0-9]{7}"),
    "issn": of_stdnum("issn", r"[0-9]{7}[0-9X]"),
    "lei": of_stdnum("lei", r"[0-9A-Z]{18}[0-9]{2}"),
    "s10": numbered(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", keyed(_SHIPMENT, "50987654321", first=2)),
    "sedol": numbered(
        r"[0-9B-DF-HJ-NP-TV-Z]{6}[0-9]",
        keyed(_SEDOL, turned(DIGITS), alphabet=DIGITS_AND_LETTERS),
    ),
    "udi": numbered(r"01[0-9]{14}[0-9A-Z]*", _udi),
    "ups": numbered(r"1Z[0-9A-Z]{15}[0-9]", _ups),
    "usps": numbered(r"[0-9]{20}|[0-9]{22}", _usps),
}


def _cas(plain: str) -> str:
    return f"{plain[:-3]}-{plain[-3:-1]}-{plain[-1]}"
