"""The rulebook as browsers fetch it, with what its rules name: once, by the digest of its text."""

import functools
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from backend.core.errors import NotFound
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.detection.digest import digest_of
from backend.detection.rulebook import DEFAULT_PATH

SMALLEST: Final = 9
BESIDE: Final = ("model", "phones")
_NOTHING: Final[Mapping[str, bytes]] = {}


class ShippedRulebook:
    """One text, the same for every client; what is kept under its digest never changes."""

    def __init__(self, rulebook: bytes, beside: Mapping[str, bytes] = _NOTHING) -> None:
        document = json.loads(rulebook)
        self.version = str(document["version"])
        others = {name: json.loads(content) for name, content in beside.items()}
        self.text = canonical({**document, **others})
        self.body = self.text.encode()
        self.digest = digest_of(self.body)

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> "ShippedRulebook":
        """Read a rulebook, and beside it the model and the numbering plans that its rules name."""
        return cls(
            path.read_bytes(),
            {name: path.with_name(f"{name}.json").read_bytes() for name in BESIDE},
        )

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
