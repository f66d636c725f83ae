"""The web console: server-rendered pages over the same services as the API."""

from quart import Quart

from backend.console import (  # noqa: F401 -- each adds its routes to the blueprint
    account,
    adoptions,
    ai_services,
    api_keys,
    assets,
    chosen_passwords,
    client_pages,
    cookies,
    departures,
    exceptions,
    failures,
    feeds,
    fleets,
    layers,
    origins,
    outbox,
    overview,
    own_rules,
    people,
    people_import,
    person,
    policies,
    policy_replay,
    provider_pages,
    reports,
    service_news,
    signing,
    stepping_up,
    template_pages,
    through,
    violations,
    webhooks,
)
from backend.console.room import blueprint


def install(app: Quart) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    overview.open_door(app)
