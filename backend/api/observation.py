"""Counts and logs each answer by its route's template: never the address, query, body or names."""

import time
from dataclasses import dataclass
from typing import Final

import structlog

from backend.core.monitoring import REQUEST_SECONDS, REQUESTS

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_POLLED: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer; `arrived` is when its request did, as `time.perf_counter` counts."""

    method: str
    route: str
    status: int
    arrived: float
    request_id: str
    tenant: str | None


def observe(answered: Answered) -> None:
    """Count one answer, and log it unless it was one a monitor asks for every few seconds."""
    method = answered.method if answered.method in _METHODS else "other"
    seconds = time.perf_counter() - answered.arrived
    REQUESTS.labels(method, answered.route, str(answered.status)).inc()
    REQUEST_SECONDS.labels(answered.route).observe(seconds)
    if answered.route in _POLLED:
        return
    _log.info(
        "request",
        method=method,
        route=answered.route,
        status=answered.status,
        milliseconds=round(seconds * 1000, 1),
        request_id=answered.request_id,
        tenant=answered.tenant,
    )
