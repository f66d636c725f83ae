"""Valid values of checks that changing a sign or two of a random value does not satisfy."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from stdnum import luhn
from stdnum.ar import cbu
from stdnum.es import ccc, cups, referenciacatastral
from stdnum.fr import nif
from stdnum.iso7064 import mod_97_10

Maker = Callable[[Random], str]


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _ar_cbu(chance: Random) -> str:
    blocks = _digits(chance, 7), _digits(chance, 13)
    return "".join(block + cbu.calc_check_digit(block) for block in blocks)


def _cz_account(chance: Random) -> str:
    return f"{chance.choice(('19', '35', '000019'))}-{_digits(chance, 8)}00/0100"


def _de_leitweg(chance: Random) -> str:
    number = f"0{chance.choice('123456789')}{_digits(chance, 3)}-{_digits(chance, 5)}"
    return f"{number}-{mod_97_10.calc_check_digits(number.replace('-', ''))}"


def _es_ccc(chance: Random) -> str:
    branch, account = _digits(chance, 8), _digits(chance, 10)
    return f"{branch}{ccc.calc_check_digits(f'{branch}00{account}')}{account}"


def _es_cups(chance: Random) -> str:
    number = f"ES{_digits(chance, 16)}"
    return number + cups.calc_check_digits(number)


def _es_land(chance: Random) -> str:
    number = f"{_digits(chance, 7)}VK{_digits(chance, 4)}A{_digits(chance, 4)}"
    return number + referenciacatastral.calc_check_digits(number)


def _fr_tax(chance: Random) -> str:
    number = chance.choice("0123") + _digits(chance, 9)
    return number + nif.calc_check_digits(number)


def _it_vat(chance: Random) -> str:
    number = f"1{_digits(chance, 6)}0{chance.randint(1, 99):02}"
    return number + luhn.calc_check_digit(number)


MAKERS: Final[Mapping[str, Maker]] = {
    "ar_cbu": _ar_cbu,
    "cz_account": _cz_account,
    "de_leitweg": _de_leitweg,
    "es_ccc": _es_ccc,
    "es_cups": _es_cups,
    "es_land": _es_land,
    "fr_tax": _fr_tax,
    "it_vat": _it_vat,
}
