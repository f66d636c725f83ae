"""Counts and logs each answer by its route's template: never the address, query, body or names."""

import time
from typing import Final

import structlog
from quart import Response, g, request

from backend.core.monitoring import REQUEST_SECONDS, REQUESTS

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_POLLED: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
_log = structlog.get_logger(__name__)


def observe(response: Response) -> None:
    """Count one answer, and log it unless it was one a monitor asks for every few seconds."""
    route = str(request.url_rule.rule) if request.url_rule else "none"
    method = request.method if request.method in _METHODS else "other"
    seconds = time.perf_counter() - g.arrived if "arrived" in g else 0.0
    REQUESTS.labels(method, route, str(response.status_code)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    if route in _POLLED:
        return
    _log.info(
        "request",
        method=method,
        route=route,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        request_id=g.get("request_id", ""),
        tenant=str(g.principal.tenant_id) if "principal" in g else None,
    )
