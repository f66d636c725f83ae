"""The name an AI service is recorded under: an id or a host, and never a place for a text."""

import re
from typing import Final
from urllib.parse import urlsplit

from backend.core.errors import InvalidInput

_NAME: Final = re.compile(r"[a-z0-9._:-]{1,253}")


def service_host(service: str) -> str:
    """Return the host of an address, or the id itself; no path, so no text of a page.

    Browsers write hosts in ASCII (punycode). Raise InvalidInput for anything else.
    """
    name = service.strip().lower()
    try:
        host = urlsplit(name).hostname if "://" in name else name.partition("/")[0]
    except ValueError:
        host = None
    if not host or not _NAME.fullmatch(host):
        raise InvalidInput(
            "The service is not the id, host or address of an AI service. "
            "Send one such as chatgpt.com.",
            code="wrong-service",
        )
    return host
