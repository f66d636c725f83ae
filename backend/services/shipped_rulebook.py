"""The rulebook as browsers fetch it: once, by the digest of its text."""

import base64
import functools
import gzip
import hashlib
import json
from typing import Any, Final

from backend.core.errors import NotFound
from backend.core.permissions import Reach
from backend.core.principal import Principal

SMALLEST: Final = 9


class ShippedRulebook:
    """One text, the same for every client; what is kept under its digest never changes."""

    def __init__(self, rulebook: bytes) -> None:
        document = json.loads(rulebook)
        self.version = str(document["version"])
        self.text = canonical(document)
        self.body = self.text.encode()
        digest = hashlib.sha256(self.body).digest()
        self.digest = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @functools.cached_property
    def packed(self) -> bytes:
        """The text in gzip; whoever asks first waits a moment."""
        return gzip.compress(self.body, SMALLEST, mtime=0)

    def of_digest(self, principal: Principal, digest: str) -> "ShippedRulebook":
        """Return it to a browser whose bundle named this digest. Raise NotFound."""
        principal.require("sync:read", Reach.SELF)
        if digest != self.digest:
            raise NotFound("This server has no such rulebook. Fetch the bundle again.")
        return self


def canonical(value: Any) -> str:
    """Return canonical JSON; dates, which TOML has and JSON has not, in ISO 8601."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
