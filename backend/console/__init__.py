"""The web console: server-rendered pages over the same services as the API."""

from quart import Quart

from backend.console import (  # noqa: F401 -- each adds its routes to the blueprint
    ai_services,
    assets,
    chosen_passwords,
    cookies,
    exceptions,
    failures,
    feeds,
    fleets,
    outbox,
    overview,
    own_rules,
    policies,
    signing,
    violations,
)
from backend.console.room import blueprint


def install(app: Quart) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    overview.open_door(app)
