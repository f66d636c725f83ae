"""The web console: server-rendered pages over the same services as the API."""

from quart import Quart

from backend.console import (  # noqa: F401 -- each adds its routes to the blueprint
    account,
    ai_services,
    assets,
    chosen_passwords,
    client_pages,
    cookies,
    exceptions,
    failures,
    feeds,
    fleets,
    outbox,
    overview,
    own_rules,
    people,
    people_import,
    person,
    policies,
    provider_pages,
    service_news,
    signing,
    stepping_up,
    through,
    violations,
)
from backend.console.room import blueprint


def install(app: Quart) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    overview.open_door(app)
