"""A packed extension (CRX3): a ZIP with a signature in front, by which browsers know whose it is.

The format is Chromium's `components/crx_file/crx3.proto`; of its fields we write an RSA proof and
the signed id, which are what Chrome and Edge ask for.
"""

import hashlib
import struct
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_MAGIC: Final = b"Cr24"
_VERSION: Final = 3
_CONTEXT: Final = b"CRX3 SignedData\x00"
_ID_BYTES: Final = 16
_RSA_PROOF: Final = 2
_SIGNED_DATA: Final = 10_000
_SEVEN_BITS: Final = 0x7F
_MORE: Final = 0x80
KEY_BITS: Final = 2048


def public_bytes(key: rsa.RSAPrivateKey) -> bytes:
    """Return the public half as browsers take it: DER, SubjectPublicKeyInfo (RFC 5280)."""
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def extension_id(public: bytes) -> str:
    """Return the id a browser gives to whatever is signed with this key: 32 letters, a to p."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in _id_bytes(public).hex())


def packed(archive: bytes, key: rsa.RSAPrivateKey) -> bytes:
    """Return an archive signed with `key`; the same for the same, byte for byte."""
    public = public_bytes(key)
    signed_data = _field(1, _id_bytes(public))
    signed = _CONTEXT + struct.pack("<I", len(signed_data)) + signed_data + archive
    signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    proof = _field(1, public) + _field(2, signature)
    header = _field(_RSA_PROOF, proof) + _field(_SIGNED_DATA, signed_data)
    return _MAGIC + struct.pack("<II", _VERSION, len(header)) + header + archive


def _id_bytes(public: bytes) -> bytes:
    return hashlib.sha256(public).digest()[:_ID_BYTES]


def _field(number: int, content: bytes) -> bytes:
    """Return a length-delimited protobuf field."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    said = bytearray()
    while number > _SEVEN_BITS:
        said.append(number & _SEVEN_BITS | _MORE)
        number >>= 7
    return bytes((*said, number))
