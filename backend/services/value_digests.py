"""Keyed digests of found values: equal values can be counted, and none can be guessed back."""

import hashlib
import hmac
from uuid import UUID

from backend.core.signing import KeyRing
from backend.detection.finding import Finding


class ValueDigests:
    """HMAC-SHA256 (RFC 2104) with a key per client, so digests of two clients never compare."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def of(
        self, client_id: UUID, text: str, findings: tuple[Finding, ...], salt: bytes = b""
    ) -> list[str]:
        """Return the digest of each finding's value, as hex. The type is part of what is hashed.

        `salt` is the random half of the client's keys.
        """
        if not findings:
            return []
        key = self._keys.digest_key(client_id, salt)
        return [_digest(key, finding, text) for finding in findings]


def _digest(key: bytes, finding: Finding, text: str) -> str:
    value = f"{finding.type}\0{text[finding.start : finding.end]}"
    return hmac.new(key, value.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
