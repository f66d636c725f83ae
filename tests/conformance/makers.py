"""Valid values of checks that changing a sign or two of a random value does not satisfy."""

import hashlib
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from stdnum import luhn
from stdnum.ar import cbu
from stdnum.es import ccc, cups, referenciacatastral
from stdnum.fr import nif
from stdnum.iso7064 import mod_37_36, mod_97_10

Maker = Callable[[Random], str]
_BITCOIN: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASHADDR_GENERATOR: Final = (
    0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470,
)  # fmt: skip
_PUBLIC_KEY: Final = bytes.fromhex("0488b21e")
_PRIVATE_KEY: Final = bytes.fromhex("0488ade4")


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


def _isan(chance: Random) -> str:
    root = "".join(chance.choices("0123456789ABCDEF", k=16))
    groups = "-".join(root[place : place + 4] for place in range(0, 16, 4))
    return f"{groups}-{mod_37_36.calc_check_digit(root)}"


def _base58(payload: bytes, alphabet: str) -> str:
    whole = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(whole, "big"), ""
    while number:
        number, place = divmod(number, 58)
        text = alphabet[place] + text
    return alphabet[0] * (len(whole) - len(whole.lstrip(b"\0"))) + text


def _coin_address(chance: Random) -> str:
    version = chance.choice([0, 5, 30, 48, 50, 65])  # BTC, P2SH, DOGE, LTC, LTC, TRON
    return _base58(bytes([version]) + chance.randbytes(20), _BITCOIN)


def _ripple_address(chance: Random) -> str:
    return _base58(b"\0" + chance.randbytes(20), _RIPPLE)


def _wallet_key(chance: Random) -> str:
    return _base58(b"\x80" + chance.randbytes(32) + chance.choice([b"", b"\1"]), _BITCOIN)


def _extended_key(chance: Random) -> str:
    start = chance.choice([_PUBLIC_KEY, _PRIVATE_KEY])
    return _base58(start + chance.randbytes(74), _BITCOIN)


def _remainder(values: list[int], generator: tuple[int, ...], bits: int) -> int:
    remainder = 1
    for value in values:
        top = remainder >> bits
        remainder = (remainder & ((1 << bits) - 1)) << 5 ^ value
        for place, polynomial in enumerate(generator):
            remainder ^= polynomial * (top >> place & 1)
    return remainder


def _bech32(chance: Random) -> str:
    prefix, length = chance.choice([("bc", 32), ("bc", 52), ("ltc", 32), ("addr", 52)])
    data = [chance.choice([0, 1]), *(chance.randrange(32) for _ in range(length))]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    end = 0x2BC830A3 if data[0] else 1
    check = _remainder([*expanded, *data, 0, 0, 0, 0, 0, 0], _BECH32_GENERATOR, 25) ^ end
    signs = data + [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(_BECH32[sign] for sign in signs)


def _cashaddr(chance: Random) -> str:
    data = [0, *(chance.randrange(32) for _ in range(33))]
    prefix = [ord(c) & 31 for c in "bitcoincash"]
    check = _remainder([*prefix, 0, *data, *[0] * 8], _CASHADDR_GENERATOR, 35) ^ 1
    signs = data + [check >> 5 * (7 - place) & 31 for place in range(8)]
    return "bitcoincash:" + "".join(_BECH32[sign] for sign in signs)


def _varied(chance: Random) -> str:
    """Return a value in two of three cases, and a placeholder in the third."""
    return chance.choice(["A", "B2", "C31"]) + chance.choice("123") * 4 + chance.choice(["", "57"])


MAKERS: Final[Mapping[str, Maker]] = {
    "ar_cbu": _ar_cbu,
    "cz_account": _cz_account,
    "de_leitweg": _de_leitweg,
    "es_ccc": _es_ccc,
    "es_cups": _es_cups,
    "es_land": _es_land,
    "fr_tax": _fr_tax,
    "it_vat": _it_vat,
    "bech32": _bech32,
    "cashaddr": _cashaddr,
    "coin_address": _coin_address,
    "extended_key": _extended_key,
    "isan": _isan,
    "ripple_address": _ripple_address,
    "varied": _varied,
    "wallet_key": _wallet_key,
}
