"""The web console: server-rendered pages over the same services as the API."""

from quart import Quart


def install(app: Quart) -> None:
    """Register the pages."""
