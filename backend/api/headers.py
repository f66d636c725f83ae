"""What every answer carries: a request id, security headers, and CORS for extensions."""

import re
import time
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from quart import Quart, Response, g, request

from backend.api.development import say_so
from backend.api.observation import Answered, observe
from backend.core.config import Settings
from backend.core.identifiers import uuid7

_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_EXTENSION: Final = re.compile(r"chrome-extension://[a-p]{32}")
_PAGES: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self' {socket}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NO_PAGE: Final = "default-src 'none'; frame-ancestors 'none'"
_CROSS_ORIGIN: Final = "/api/"
_CROSS_ORIGIN_READING: Final = {
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, DPoP, Idempotency-Key, If-None-Match, X-Request-Id"
    ),
    "Access-Control-Allow-Methods": "DELETE, GET, OPTIONS, PATCH, POST, PUT",
    "Access-Control-Expose-Headers": (
        "Date, ETag, Idempotency-Replayed, Retry-After, X-Request-Id"
    ),
    "Access-Control-Max-Age": "600",
}
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()"
    ),
}
_NOBODY_ELSE: Final = {"Cross-Origin-Resource-Policy": "same-origin"}
Headers = Sequence[tuple[str, str]]


class AnswerHeaders:
    """The headers our answers add to what a route says; built once for each kind of answer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        secure = (
            {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
            if settings.public_url.startswith("https://")
            else {}
        )
        always = {**_ALWAYS, **secure}
        # Our own socket by its full address: not every browser takes it for part of 'self'.
        pages = _PAGES.format(socket=_socket_origin(settings.public_url))
        self._page = _pairs({**always, **_NOBODY_ELSE, "Content-Security-Policy": pages})
        self._plain = _pairs({**always, **_NOBODY_ELSE, "Content-Security-Policy": _NO_PAGE})
        self._api = (*self._plain, ("Vary", "Origin"))
        self._shared = _pairs({
            **always, **_CROSS_ORIGIN_READING, "Vary": "Origin",
            "Content-Security-Policy": _NO_PAGE, "Cross-Origin-Resource-Policy": "cross-origin",
        })  # fmt: skip

    def of(self, path: str, origin: str, *, is_page: bool) -> Headers:
        """Return them; browsers keep answers of the API from pages of origins we do not trust."""
        if not path.startswith(_CROSS_ORIGIN):
            return self._page if is_page else self._plain
        if origin and is_trusted_origin(origin, self._settings):
            return (*self._shared, ("Access-Control-Allow-Origin", origin))
        return self._api


def _socket_origin(public_url: str) -> str:
    parts = urlsplit(public_url)
    return f"{parts.scheme.replace('http', 'ws')}://{parts.netloc}"


def _pairs(headers: Mapping[str, str]) -> Headers:
    return tuple(headers.items())


def is_trusted_origin(origin: str, settings: Settings) -> bool:
    """Return whether pages of `origin` may call us: our own, an extension's, a configured one."""
    return (
        origin in {settings.public_url, *settings.trusted_origins}
        or _EXTENSION.fullmatch(origin) is not None
    )


def request_id(given: str) -> str:
    """Return the caller's own id for a request if it is a sane one, else a new one."""
    return given if _ID.fullmatch(given) else str(uuid7())


def install(app: Quart, settings: Settings) -> None:
    """Add headers to every answer of `app`, then count and log it."""
    headers = AnswerHeaders(settings)

    @app.before_request
    async def note_arrival() -> Response | None:
        g.request_id = request_id(request.headers.get("X-Request-Id", ""))
        g.arrived = time.perf_counter()
        is_preflight = request.method == "OPTIONS" and request.path.startswith(_CROSS_ORIGIN)
        return Response(status=204) if is_preflight else None

    @app.after_request
    async def add_headers(response: Response) -> Response:
        given = response.headers
        given.setdefault("Cache-Control", "no-store")
        given.add("X-Request-Id", g.get("request_id", ""))
        say_so(response)
        is_page = (response.content_type or "").startswith("text/html")
        # Added, not set: setting looks through all headers each time, and nobody else sets these.
        given.extend(headers.of(request.path, request.headers.get("Origin", ""), is_page=is_page))
        observe(
            Answered(
                request.method,
                str(request.url_rule.rule) if request.url_rule else "none",
                response.status_code,
                g.arrived if "arrived" in g else time.perf_counter(),
                g.get("request_id", ""),
                str(g.principal.tenant_id) if "principal" in g else None,
            )
        )
        return response
