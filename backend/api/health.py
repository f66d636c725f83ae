"""Whether this server lives and can work, and what it counted; reachable without sign-in."""

from typing import Literal

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from quart import Blueprint, Response
from quart_schema import document_response

from backend.api.authentication import public
from backend.api.context import services
from backend.api.documentation import answers

blueprint = Blueprint("health", __name__)
State = Literal["up", "down"]


class Liveness(msgspec.Struct):
    """The process answers."""

    status: Literal["live"]


class Readiness(msgspec.Struct):
    """What works; `degraded` means that news between processes arrive late."""

    status: Literal["ready", "degraded", "unavailable"]
    database: State
    bus: State


@blueprint.get("/health/live")
@public
@document_response(Liveness)
async def live() -> dict[str, str]:
    """Answer as long as the process lives."""
    return {"status": "live"}


@blueprint.get("/health/ready")
@public
@document_response(Readiness)
@document_response(Readiness, 503)
async def ready() -> tuple[dict[str, str], int]:
    """Answer 200 when requests can be served: `degraded` without the bus, 503 without database."""
    has_database = await services().database.is_reachable()
    has_bus = services().bus.is_healthy
    status = "ready" if has_database and has_bus else "degraded" if has_database else "unavailable"
    parts = {"database": "up" if has_database else "down", "bus": "up" if has_bus else "down"}
    return {"status": status, **parts}, 200 if has_database else 503


@blueprint.get("/metrics")
@public
@answers(200, "The counters in the Prometheus text format.", "text/plain")
async def metrics() -> Response:
    """Return the counters in the Prometheus text format."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
