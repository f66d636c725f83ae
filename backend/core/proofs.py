"""Proofs of possession: one signed note per request, good once (RFC 9449, DPoP; ES256 only).

A stolen token is worth nothing to who does not hold the private key its `cnf.jkt` names.
"""

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from backend.core.errors import Unauthenticated
from backend.core.text import base64url, from_base64url

LONGEST_PROOF: Final = 2048
LONGEST_ID: Final = 64
WINDOW_SECONDS: Final = 60
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}")
_COORDINATE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_ES256: Final = ec.ECDSA(SHA256())
_FIELD_BYTES: Final = 32
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Call:
    """One request as its proof must name it: `origins` are those this server answers to.

    An origin is `scheme://host:port`, or `//host:port` where the scheme is a proxy's affair.
    """

    method: str
    origins: tuple[str, ...]
    path: str

    def is_at(self, address: str) -> bool:
        """Return whether `address` is this call's, without query and fragment (RFC 9449, 4.3)."""
        try:
            parts = urlsplit(address)
        except ValueError:  # such as a bracket that is not closed
            return False
        host = f"//{parts.netloc.lower()}"
        return unquote(parts.path) == self.path and (
            f"{parts.scheme}:{host}" in self.origins
            or (parts.scheme in {"http", "https"} and host in self.origins)
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that holds: by which key, and what marks it, so that it counts once."""

    thumbprint: str
    mark: bytes
    issued: int

    @property
    def forgettable_at(self) -> int:
        """When it is too old to be shown again, in epoch seconds."""
        return self.issued + WINDOW_SECONDS + 1


def read_proof(text: str, call: Call, token: str | None, now: datetime) -> Proof:
    """Return what a DPoP header proves about `call`. Raise Unauthenticated.

    With `token` the proof must be made for it (`ath`). What is cheap is looked at first.
    """
    if len(text) > LONGEST_PROOF or not _SHAPE.fullmatch(text):
        raise _refused("it is no signed note of the form RFC 9449 asks for")
    signed, _, signature = text.rpartition(".")
    header, claims = (_part(part) for part in signed.split("."))
    if header.keys() != {"typ", "alg", "jwk"} or (header["typ"], header["alg"]) != (
        "dpop+jwt",
        "ES256",
    ):
        raise _refused("its header is not `dpop+jwt` with ES256 and a public key")
    key, thumbprint = _key_of(header["jwk"])
    proof = _claimed(claims, thumbprint)
    if claims.get("htm") != call.method or not call.is_at(str(claims.get("htu", ""))):
        raise _refused("it was made for another request")
    if claims.get("ath") != (None if token is None else token_hash(token)):
        raise _refused("it was made for another token")
    if abs(proof.issued - int(now.timestamp())) > WINDOW_SECONDS:  # no float holds any integer
        raise untimely()
    _verify(key, from_base64url(signature), signed.encode())
    return proof


def token_hash(token: str) -> str:
    """Return a token's `ath` (RFC 9449, section 4.2)."""
    return base64url(hashlib.sha256(token.encode()).digest())


def thumbprint_of(jwk: Mapping[str, Any]) -> str:
    """Return the SHA-256 thumbprint of a P-256 key (RFC 7638)."""
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return base64url(hashlib.sha256(canonical.encode()).digest())


def required() -> Unauthenticated:
    """Return the refusal of a token that came without its proof."""
    return Unauthenticated(
        "This token belongs to a browser's key, and no proof of that key came with it. Send it as "
        "`Authorization: DPoP` with a `DPoP` header (RFC 9449).",
        code="proof-required",
    )


def untimely() -> Unauthenticated:
    """Return the refusal of a proof that was made too long ago or too early, by our clock."""
    return Unauthenticated(
        "The proof of possession is too old, or from the future. Correct the clock by this "
        "answer's Date header and send the request with a new proof.",
        code="proof-time",
    )


def replayed() -> Unauthenticated:
    """Return the refusal of a proof that was shown before."""
    return _refused("it has been used before")


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(
        f"The proof of possession does not hold: {why}. Make a new one for each request.",
        code="proof-refused",
    )


def _part(text: str) -> dict[str, Any]:
    """Decode one part, refusing a name that comes twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("duplicate name")
        return dict(pairs)

    try:
        decoded = json.loads(from_base64url(text), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        decoded = None
    if not isinstance(decoded, dict):
        raise _refused("a part of it is no JSON object with each name once")
    return decoded


def _claimed(claims: dict[str, Any], thumbprint: str) -> Proof:
    issued, identifier = claims.get("iat"), claims.get("jti")
    if type(issued) is not int or not isinstance(identifier, str):
        raise _refused("it lacks `jti` or `iat`")
    if not 0 < len(identifier) <= LONGEST_ID or not identifier.isascii():
        raise _refused(f"its `jti` must have 1 to {LONGEST_ID} plain characters")
    mark = hashlib.sha256(f"{thumbprint}.{identifier}".encode()).digest()[:_ID_BYTES]
    return Proof(thumbprint, mark, issued)


def _key_of(jwk: Any) -> tuple[ec.EllipticCurvePublicKey, str]:
    """Return the key a header carries. One with more members may hold a private part: refused."""
    if not isinstance(jwk, dict) or jwk.keys() != {"kty", "crv", "x", "y"}:
        raise _refused("its key is no public P-256 key of exactly kty, crv, x and y")
    given = tuple(jwk[name] for name in ("kty", "crv", "x", "y"))
    if given[:2] != ("EC", "P-256") or not all(
        isinstance(one, str) and _COORDINATE.fullmatch(one) for one in given[2:]
    ):
        raise _refused("its key is no public P-256 key of exactly kty, crv, x and y")
    return _known_key(given[2], given[3])


@functools.lru_cache(maxsize=8192)
def _known_key(x: str, y: str) -> tuple[ec.EllipticCurvePublicKey, str]:
    """Return key and thumbprint; that the point is on the curve is checked once for each key."""
    try:
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(from_base64url(x)), int.from_bytes(from_base64url(y)), ec.SECP256R1()
        )
        key = numbers.public_key()
    except ValueError:
        raise _refused("its key is no point of P-256") from None
    return key, thumbprint_of({"crv": "P-256", "kty": "EC", "x": x, "y": y})


def _verify(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> None:
    """Verify r || s of 32 bytes each (RFC 7518, section 3.4)."""
    r, s = signature[:_FIELD_BYTES], signature[_FIELD_BYTES:]
    try:
        key.verify(encode_dss_signature(int.from_bytes(r), int.from_bytes(s)), signed, _ES256)
    except InvalidSignature:
        raise _refused("its signature is wrong") from None
