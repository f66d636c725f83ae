"""What every one of a client's browsers shall have."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Wish:
    """One client's deployment; the code is a secret."""

    client: str
    extension_id: str
    update_url: str
    server: str
    code: str
    expires_at: datetime

    def __repr__(self) -> str:
        """Never show the code."""
        return f"Wish({self.client!r})"

    @property
    def settings(self) -> dict[str, str]:
        """The browser's own policy about the extension (`ExtensionSettings`)."""
        return {
            "installation_mode": "force_installed",
            "update_url": self.update_url,
            "toolbar_pin": "force_pinned",
        }

    @property
    def managed(self) -> dict[str, str]:
        """What the extension reads of its administrator (managed_schema.json)."""
        return {"serverUrl": self.server, "enrolmentToken": self.code}


BROWSERS: Final = ("Google\\Chrome", "Microsoft\\Edge")
"""Where Windows keeps a browser's policies, below Software\\Policies."""
