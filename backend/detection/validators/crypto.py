"""Addresses and keys of cryptocurrencies, by their checksums."""

import hashlib
import re
from collections.abc import Callable
from typing import Final

from backend.detection.validators.shared import Validators

_BITCOIN: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_ENDS: Final = frozenset({1, 0x2BC830A3})  # BIP 173 and BIP 350
_ETHEREUM: Final = re.compile(r"0[xX][0-9a-fA-F]{40}")
_LEAST_VARIETY: Final = 6
_LONGEST: Final = 120


def _base58check(alphabet: str, is_payload: Callable[[bytes], bool]) -> Callable[[str], bool]:
    """Accept base58 whose last four bytes begin the double SHA-256 of the others."""

    def check(value: str) -> bool:
        if not value or len(value) > _LONGEST or any(sign not in alphabet for sign in value):
            return False
        number = 0
        for sign in value:
            number = number * 58 + alphabet.index(sign)
        noughts = len(value) - len(value.lstrip(alphabet[0]))
        decoded = bytes(noughts) + number.to_bytes((number.bit_length() + 7) // 8, "big")
        payload, end = decoded[:-4], decoded[-4:]
        digest = hashlib.sha256(hashlib.sha256(payload).digest()).digest()
        return digest[:4] == end and is_payload(payload)

    return check


def _polymod(values: list[int], generator: tuple[int, ...], bits: int) -> int:
    remainder, mask = 1, (1 << bits) - 1
    for value in values:
        top = remainder >> bits
        remainder = (remainder & mask) << 5 ^ value
        for place, polynomial in enumerate(generator):
            remainder ^= polynomial if top >> place & 1 else 0
    return remainder


def _bech32(value: str) -> bool:
    """BIP 173 and 350: one case, a prefix, 1, and thirty-two letters with a checksum of six."""
    lower = value.lower()
    prefix, one, data = lower.rpartition("1")
    is_odd = value not in {lower, value.upper()} or not one or not prefix.isascii()
    if is_odd or len(data) < 6 or any(sign not in _BECH32 for sign in data):  # noqa: PLR2004
        return False
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    values = expanded + [_BECH32.index(sign) for sign in data]
    return _polymod(values, generator, 25) in _BECH32_ENDS


def _cashaddr(value: str) -> bool:
    """Bitcoin Cash, CashAddr: the prefix may be left out; a checksum of forty bits."""
    data = value.lower().removeprefix("bitcoincash:")
    if len(data) != 42 or any(sign not in _BECH32 for sign in data):  # noqa: PLR2004 -- 160 bits
        return False
    generator = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
    values = [ord(c) & 31 for c in "bitcoincash"] + [0] + [_BECH32.index(sign) for sign in data]
    return _polymod(values, generator, 35) == 1


def _ethereum(value: str) -> bool:
    """Refuse what nobody drew by chance, such as the null address."""
    return _ETHEREUM.fullmatch(value) is not None and len(set(value.lower())) > _LEAST_VARIETY


CRYPTO: Final[Validators] = {
    "bech32": _bech32,
    "cashaddr": _cashaddr,
    "coin_address": _base58check(_BITCOIN, lambda payload: len(payload) in {21, 22}),
    "ethereum": _ethereum,
    "extended_key": _base58check(_BITCOIN, lambda payload: len(payload) == 78),  # noqa: PLR2004
    "ripple_address": _base58check(_RIPPLE, lambda payload: len(payload) == 21),  # noqa: PLR2004
    "wallet_key": _base58check(
        _BITCOIN, lambda payload: len(payload) in {33, 34} and payload[0] in {0x80, 0xB0, 0x9E}
    ),
}
