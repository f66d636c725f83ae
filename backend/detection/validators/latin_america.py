"""Identity, tax and account numbers from Mexico to Argentina."""

from typing import Final

from backend.detection.validators.families import (
    dated,
    either,
    is_date,
    keyed,
    luhn,
    numbered,
    of_stdnum,
    remains,
    turned,
)  # fmt: skip
from backend.detection.validators.shared import Validators

_TEN_OR_ELEVEN_IS_NOUGHT: Final = "00987654321"
_PROVINCE_EC: Final = r"(?:0[1-9]|1[0-9]|2[0-4]|30|50)"
_VOTER_STATE_BR: Final = r"(?:0[1-9]|1[0-9]|2[0-8])"


def _cu_ni(plain: str) -> bool:
    """Read the century from the seventh digit."""
    century = 1800 if plain[6] == "9" else 1900 if plain[6] <= "5" else 2000
    return is_date(century + int(plain[:2]), int(plain[2:4]), int(plain[4:6]))


def _br_titulo(plain: str) -> bool:
    """TSE resolution 23.659/2021, art. 36: two digits modulo 11; 1 for 0 in two states."""
    digits = [int(digit) for digit in plain]
    first = sum(d * w for d, w in zip(digits[:8], range(2, 10), strict=True)) % 11
    second = (digits[8] * 7 + digits[9] * 8 + digits[10] * 9) % 11
    nought = 1 if plain[8:10] in {"01", "02"} else 0
    expected = [(0 if rest == 10 else rest or nought) for rest in (first, second)]  # noqa: PLR2004
    return digits[10:] == expected


def _br_cnh(plain: str) -> bool:
    """CONTRAN: the second digit is two less where the first would have been ten."""
    digits = [int(digit) for digit in plain[:9]]
    first = sum(d * w for d, w in zip(digits, range(9, 0, -1), strict=True)) % 11
    second = sum(d * w for d, w in zip(digits, range(1, 10), strict=True)) % 11
    less = 2 if first == 10 else 0  # noqa: PLR2004 -- ten is written as nought
    last = 0 if second == 10 else second - less  # noqa: PLR2004
    return plain[9:] == f"{first % 10}{last}"


LATIN_AMERICA: Final[Validators] = {
    "ar_cbu": of_stdnum("ar.cbu", r"[0-9]{22}"),
    "ar_cuit": of_stdnum("ar.cuit", r"[0-9]{11}"),
    "br_cnh": numbered(r"(?!([0-9])\1{10})[0-9]{11}", _br_cnh),
    "br_cnpj": of_stdnum("br.cnpj", r"(?!(.)\1{13})[0-9A-Z]{12}[0-9]{2}"),
    "br_cns": numbered(r"[12789][0-9]{14}", remains(range(15, 0, -1), 11)),
    "br_pis": numbered(
        r"(?!([0-9])\1{10})[0-9]{11}",
        keyed((3, 2, 9, 8, 7, 6, 5, 4, 3, 2), _TEN_OR_ELEVEN_IS_NOUGHT),
    ),
    "br_titulo": numbered(rf"[0-9]{{8}}{_VOTER_STATE_BR}[0-9]{{2}}", _br_titulo),
    "cl_rut": of_stdnum("cl.rut", r"[1-9][0-9]{6,7}[0-9K]"),
    "co_nit": of_stdnum("co.nit", r"[0-9]{8,16}"),
    "cu_ni": numbered(r"[0-9]{11}", _cu_ni),
    "do_cedula": numbered(r"[0-9]{11}", luhn()),
    "do_rnc": numbered(r"[0-9]{9}", keyed((7, 9, 8, 6, 5, 4, 3, 2), "21987654321")),
    "ec_ci": of_stdnum("ec.ci", r"[0-9]{10}"),
    "ec_ruc": of_stdnum("ec.ruc", r"[0-9]{13}"),
    "gt_nit": of_stdnum("gt.nit", r"[0-9]{4,11}[0-9K]"),
    "mx_clabe": numbered(r"[0-9]{18}", keyed((3, 7, 1) * 5 + (3, 7), turned("0123456789"))),
    "mx_nss": numbered(r"[0-9]{11}", luhn()),
    "mx_rfc": numbered(
        r"[A-Z]{2,4}[0-9]{6}[1-9A-V][0-9A-Z][0-9A]", lambda plain: dated(0)(plain[-9:-3])
    ),
    "pe_cui": numbered(
        r"[0-9]{8}[0-9A-K]",
        either(
            keyed((3, 2, 7, 6, 5, 4, 3, 2), "65432110987"),
            keyed((3, 2, 7, 6, 5, 4, 3, 2), "KJIHGFEDCBA"),
        ),
    ),
    "pe_ruc": of_stdnum("pe.ruc", r"[0-9]{11}"),
    "py_ruc": of_stdnum("py.ruc", r"[0-9]{5,9}"),
    "sv_nit": of_stdnum("sv.nit", r"[0-9]{14}"),
    "uy_ci": numbered(r"[1-9][0-9]{7}", keyed((2, 9, 8, 7, 6, 3, 4), turned("0123456789"))),
    "uy_rut": of_stdnum("uy.rut", r"[0-9]{12}"),
    "ve_rif": of_stdnum("ve.rif", r"[VEJPG][0-9]{9}"),
}
