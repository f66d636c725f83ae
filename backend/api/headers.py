"""What every answer carries: a request id, security headers, and CORS for extensions."""

import re
import time
from typing import Final

from quart import Quart, Response, g, request

from backend.core.config import Settings
from backend.core.identifiers import uuid7
from backend.core.monitoring import REQUEST_SECONDS, REQUESTS

_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_EXTENSION: Final = re.compile(r"chrome-extension://[a-p]{32}")
_PAGES: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self' ws: wss:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def is_trusted_origin(origin: str, settings: Settings) -> bool:
    """Return whether pages of `origin` may call us: our own, an extension's, a configured one."""
    return (
        origin in {settings.public_url, *settings.trusted_origins}
        or _EXTENSION.fullmatch(origin) is not None
    )


def install(app: Quart, settings: Settings) -> None:
    """Add headers to every answer of `app`, and count it."""

    @app.before_request
    async def note_arrival() -> Response | None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _ID.fullmatch(given) else str(uuid7())
        g.arrived = time.perf_counter()
        return Response(status=204) if request.method == "OPTIONS" else None

    @app.after_request
    async def add_headers(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        response.headers["X-Request-Id"] = g.get("request_id", "")
        response.headers.setdefault("Cache-Control", "no-store")
        if (response.content_type or "").startswith("text/html"):
            response.headers["Content-Security-Policy"] = _PAGES
        else:
            response.headers["Content-Security-Policy"] = "default-src 'none'"
        if settings.public_url.startswith("https://"):
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        origin = request.headers.get("Origin", "")
        if origin and is_trusted_origin(origin, settings):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = (
                "Authorization, Content-Type, If-None-Match"
            )
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, X-Request-Id"
            response.headers["Vary"] = "Origin"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        _count(response)
        return response


def _count(response: Response) -> None:
    route = str(request.url_rule.rule) if request.url_rule else "none"
    REQUESTS.labels(request.method, route, str(response.status_code)).inc()
    if "arrived" in g:
        REQUEST_SECONDS.labels(route).observe(time.perf_counter() - g.arrived)
