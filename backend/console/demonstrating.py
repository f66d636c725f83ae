"""Whether the outbox of a demonstration is there for who asks."""

from quart import request

from backend.console.room import services
from backend.core.own_machine import is_of_own_machine


def has_outbox() -> bool:
    """Return whether this is a demonstration, looked at by a program of its own machine."""
    settings = services().settings
    return settings.demonstration and is_of_own_machine(
        request.remote_addr, dict(request.headers), settings.public_url
    )
