"""Identity, tax, company and account numbers of central and eastern Europe."""

import re
from typing import Final

from backend.detection.validators.shared import (
    Validators,
    exists,
    is_valid,
    plain_of,
    shaped,
    stdnum_of,
    total,
)  # fmt: skip

_CZ_ACCOUNT: Final = re.compile("(?:[0-9]{1,6}-)?[0-9]{2,10}/[0-9]{4}")
_ONRC: Final = re.compile("[JFC][0-9]{1,2}/[0-9]{1,5}/[0-9]{4}|[JFC][0-9]{13}")


def _cz_account(value: str) -> bool:
    """CNB decree 169/2011: prefix and number modulo 11, a bank of the CNB's list."""
    return _CZ_ACCOUNT.fullmatch(value) is not None and is_valid("cz.bankaccount", value)


def _hu_taj(digits: str) -> bool:
    """Act LXXXIII of 1997, annex: weights 3 and 7, modulo 10."""
    return total(digits[:8], (3, 7) * 4) % 10 == int(digits[8])


def _hu_tax(digits: str) -> bool:
    """Act CL of 2017, annex 1: places as weights, modulo 11."""
    return total(digits[:9], range(1, 10)) % 11 == int(digits[9])


def _hu_personal(digits: str) -> bool:
    """Act XX of 1996, annex: since 1997 the weights run backwards."""
    born = exists(2000 + int(digits[1:3]), int(digits[3:5]), int(digits[5:7]))
    sums = (total(digits[:10], range(1, 11)), total(digits[:10], range(10, 0, -1)))
    return born and any(weighed % 11 == int(digits[10]) for weighed in sums)


def _pl_card(plain: str) -> bool:
    """Ministry of the interior: letters from 10, weights 7, 3, 1, the check digit weighted 9."""
    numbers = [int(sign, 36) for sign in plain]
    return sum(n * w for n, w in zip(numbers, (7, 3, 1, 9, 7, 3, 1, 7, 3), strict=True)) % 10 == 0


def _pl_passport(plain: str) -> bool:
    """Ministry of the interior: letters from 10; the third sign is the check digit."""
    numbers = [int(sign, 36) for sign in plain]
    return sum(n * w for n, w in zip(numbers, (7, 3, 9, 1, 7, 3, 1, 7, 3), strict=True)) % 10 == 0


def _ro_company(value: str) -> bool:
    plain = re.sub("[ -]", "", value).upper()
    return _ONRC.fullmatch(plain) is not None and is_valid("ro.onrc", plain)


def _ru_snils(digits: str) -> bool:
    """Federal law 27-FZ; order 192n of 2016: places as weights, modulo 101."""
    return total(digits[:9], range(9, 0, -1)) % 101 % 100 == int(digits[9:])


def _by_unp(value: str) -> bool:
    return _by_unp_of(plain_of(value).removeprefix("UNP"))


_by_unp_of = stdnum_of("by.unp", "[0-9]{9}|[ABCEHKM][ABCEHKMOPT][0-9]{7}")

EAST: Final[Validators] = {
    "az_voen": stdnum_of("az.voen", "[0-9]{9}[12]"),
    "bg_egn": stdnum_of("bg.egn", "[0-9]{10}"),
    "bg_pnf": stdnum_of("bg.pnf", "[0-9]{10}"),
    "bg_vat": stdnum_of("bg.vat", "(?:BG)?([0-9]{9,10})"),
    "by_unp": _by_unp,
    "cz_account": _cz_account,
    "cz_ico": stdnum_of("cz.dic", "[0-8][0-9]{7}"),
    "cz_rc": stdnum_of("cz.rc", "[0-9]{9,10}"),
    "cz_vat": stdnum_of("cz.dic", "(?:CZ)?([0-9]{8,10})"),
    "hr_oib": stdnum_of("hr.oib", "(?:HR)?([0-9]{11})"),
    "hu_personal": shaped("[1-8][0-9]{10}", _hu_personal),
    "hu_taj": shaped("[0-9]{9}", _hu_taj),
    "hu_tax": shaped("8[0-9]{9}", _hu_tax),
    "hu_vat": stdnum_of("hu.anum", "(?:HU)?([0-9]{8})(?:[1-5][0-9]{2})?"),
    "jmbg": stdnum_of("si.emso", "[0-9]{13}"),
    "md_idno": stdnum_of("md.idno", "[0-9]{13}"),
    "me_pib": stdnum_of("me.pib", "[0-9]{8}"),
    "mk_edb": stdnum_of("mk.edb", "(?:MK)?([0-9]{13})"),
    "pl_card": shaped("[A-Z]{3}[0-9]{6}", _pl_card),
    "pl_nip": stdnum_of("pl.nip", "(?:PL)?([0-9]{10})"),
    "pl_passport": shaped("[A-Z]{2}[0-9]{7}", _pl_passport),
    "pl_pesel": stdnum_of("pl.pesel", "[0-9]{11}"),
    "pl_regon": stdnum_of("pl.regon", "[0-9]{9}|[0-9]{14}"),
    "ro_cnp": stdnum_of("ro.cnp", "[1-9][0-9]{12}"),
    "ro_company": _ro_company,
    "ro_cui": stdnum_of("ro.cui", "(?:RO)?([1-9][0-9]{1,9})"),
    "rs_pib": stdnum_of("rs.pib", "(?:RS)?([0-9]{9})"),
    "ru_inn": stdnum_of("ru.inn", "[0-9]{10}|[0-9]{12}"),
    "ru_ogrn": stdnum_of("ru.ogrn", "[1-9][0-9]{12}|[34][0-9]{14}"),
    "ru_snils": shaped("[0-9]{11}", _ru_snils),
    "si_company": stdnum_of("si.maticna", "([0-9]{7})(?:[0-9A-Z][0-9]{2})?"),
    "si_vat": stdnum_of("si.ddv", "(?:SI)?([1-9][0-9]{7})"),
    "sk_vat": stdnum_of("sk.dph", "(?:SK)?([0-9]{10})"),
    "ua_edrpou": stdnum_of("ua.edrpou", "[0-9]{8}"),
    "ua_rntrc": stdnum_of("ua.rntrc", "[0-9]{10}"),
}
