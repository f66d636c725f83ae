"""Short names for addresses, made of longer ones."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 60
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """Return `name` in lower-case ASCII words joined by hyphens; `client` where none is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-")[:LONGEST].strip("-") or "client"
