"""A browser that holds a key and proves it, written a second time and with another library."""

import base64
import hashlib
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from backend.core.identifiers import uuid7


class KeyHolder:
    """An ES256 key, and proofs made with it as an extension makes them."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        jwk = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        self.public = {name: jwk[name] for name in ("kty", "crv", "x", "y")}

    @property
    def thumbprint(self) -> str:
        """RFC 7638: SHA-256 of the required members in order of their names."""
        text = '{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.format(**self.public)
        return _plain(hashlib.sha256(text.encode()).digest())

    def proof(
        self, method: str, url: str, token: str | None = None, now: float | None = None,
        header: dict[str, Any] | None = None, **changed: Any
    ) -> str:  # fmt: skip
        """Return a proof for one request; a claim given as None is left out."""
        claims: dict[str, Any] = {
            "jti": str(uuid7()), "htm": method, "htu": url,
            "iat": int(time.time() if now is None else now),
            "ath": _plain(hashlib.sha256(token.encode()).digest()) if token else None,
        }  # fmt: skip
        claims = {name: value for name, value in (claims | changed).items() if value is not None}
        head = {"typ": "dpop+jwt", "jwk": self.public} | (header or {})
        return jwt.encode(claims, self.private, algorithm="ES256", headers=head)

    def headers(self, method: str, url: str, token: str) -> dict[str, str]:
        """Return the headers of one call of the API."""
        return {"Authorization": f"DPoP {token}", "DPoP": self.proof(method, url, token)}

    def sign(self, header: bytes, claims: bytes) -> str:
        """Sign bytes that are no JSON, or JSON nobody writes."""
        signed = f"{_plain(header)}.{_plain(claims)}"
        algorithm = ECAlgorithm(ECAlgorithm.SHA256)
        return f"{signed}.{_plain(algorithm.sign(signed.encode(), self.private))}"


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def written(content: dict[str, Any]) -> bytes:
    """Return JSON as bytes."""
    return json.dumps(content).encode()
