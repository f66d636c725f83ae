"""What a route may reach: the services of this server and who is calling."""

from typing import cast

from quart import current_app, g, request

from backend.core.principal import Principal
from backend.services.mail_texts import preferred
from backend.services.registry import Services


def services() -> Services:
    """Return the use-cases of this server."""
    return cast("Services", current_app.extensions["quillgate"])


def principal() -> Principal:
    """Return who is calling; `requires` has put it there."""
    return cast("Principal", g.principal)


def caller_address() -> str:
    """Return the caller's address, for limits: the peer's, or what a trusted proxy says of it."""
    return request.remote_addr or "unknown"


def language() -> str:
    """Return the language the caller reads, of those our mails are written in."""
    return preferred(request.accept_languages.values())
