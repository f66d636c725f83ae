"""What every answer carries: a request id, security headers, and CORS for extensions."""

import re
import time
from typing import Final

from quart import Quart, Response, g, request

from backend.api.observation import observe
from backend.core.config import Settings
from backend.core.identifiers import uuid7

_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_EXTENSION: Final = re.compile(r"chrome-extension://[a-p]{32}")
_PAGES: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self' ws: wss:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NO_PAGE: Final = "default-src 'none'; frame-ancestors 'none'"
_CROSS_ORIGIN: Final = "/api/"
_CROSS_ORIGIN_READING: Final = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, X-Request-Id",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-Request-Id",
    "Access-Control-Max-Age": "600",
}
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
    """Add headers to every answer of `app`, then count and log it."""

    @app.before_request
    async def note_arrival() -> Response | None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _ID.fullmatch(given) else str(uuid7())
        g.arrived = time.perf_counter()
        is_preflight = request.method == "OPTIONS" and request.path.startswith(_CROSS_ORIGIN)
        return Response(status=204) if is_preflight else None

    @app.after_request
    async def add_headers(response: Response) -> Response:
        given = response.headers
        given.setdefault("Cache-Control", "no-store")
        is_page = (response.content_type or "").startswith("text/html")
        # Added, not set: setting looks through all headers each time, and nobody else sets these.
        given.extend(_ALWAYS)
        given.add("X-Request-Id", g.get("request_id", ""))
        given.add("Content-Security-Policy", _PAGES if is_page else _NO_PAGE)
        if settings.public_url.startswith("https://"):
            given.add("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.path.startswith(_CROSS_ORIGIN):
            _allow_origin(response, settings)
        observe(response)
        return response


def _allow_origin(response: Response, settings: Settings) -> None:
    """Let pages of trusted origins read the answer; browsers keep it from all others."""
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin", "")
    if origin and is_trusted_origin(origin, settings):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers.update(_CROSS_ORIGIN_READING)
