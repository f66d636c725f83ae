"""macOS: one configuration profile for any device management, and property lists for Jamf."""

import plistlib
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from backend.services.deployments.wish import Wish

_BROWSERS: Final = ("com.google.Chrome", "com.microsoft.Edge")


def files(wish: Wish) -> dict[str, str]:
    """Return the files by name."""
    domains = _domains(wish)
    made = {"macos/quillgate.mobileconfig": _profile(wish, domains)}
    made |= {f"macos/jamf/{domain}.plist": values for domain, values in domains.items()}
    return {
        name: plistlib.dumps(content, sort_keys=True).decode() for name, content in made.items()
    }


def _domains(wish: Wish) -> dict[str, dict[str, Any]]:
    domains: dict[str, dict[str, Any]] = {}
    for browser in _BROWSERS:
        domains[browser] = {"ExtensionSettings": {wish.extension_id: wish.settings}}
        domains[f"{browser}.extensions.{wish.extension_id}"] = dict(wish.managed)
    return domains


def _profile(wish: Wish, domains: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a profile; its ids are the same each time, so a newer one takes its place."""
    payloads = [
        {
            **values,
            "PayloadType": domain,
            "PayloadVersion": 1,
            "PayloadIdentifier": f"app.quillgate.{domain}",
            "PayloadUUID": _id(wish, domain),
            "PayloadDisplayName": domain,
        }
        for domain, values in domains.items()
    ]
    return {
        "PayloadContent": payloads,
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadScope": "System",
        "PayloadIdentifier": "app.quillgate",
        "PayloadUUID": _id(wish, "profile"),
        "PayloadDisplayName": f"Quillgate for {wish.client}",
        "PayloadDescription": "Installs the Quillgate extension and connects each browser.",
        "PayloadRemovalDisallowed": True,
    }


def _id(wish: Wish, part: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{wish.server}/{wish.extension_id}/{part}")).upper()
