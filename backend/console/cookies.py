"""The cookies of the console; scripts and other sites never see them.

Over https each is `__Host-` (RFC 6265bis, 4.1.3.2): no neighbour under the same domain, and nobody
in between, can put one of theirs in its place.
"""

from datetime import timedelta
from typing import Final, Literal

from quart import Response, g, request

from backend.console.room import PREFIX, blueprint, services
from backend.services.sessions import IDLE, SignedIn

ACCESS_COOKIE: Final = "qg_console"
REFRESH_COOKIE: Final = "qg_console_refresh"
_FRESH: Final = "console_session"
_ENDED: Final = "console_ended"
_ACCESS: Final = "console_access"


def keep(signed_in: SignedIn) -> None:
    """Send these tokens with the answer to the present request."""
    setattr(g, _FRESH, signed_in)


def keep_access(access_token: str) -> None:
    """Send this access token with the answer; the refresh token stays as it is."""
    setattr(g, _ACCESS, access_token)


def forget() -> None:
    """Take the cookies away with the answer to the present request."""
    g.pop(_FRESH, None)
    setattr(g, _ENDED, True)


def access_token() -> str:
    """Return the access token in force: the one just renewed, else the one of the cookie."""
    fresh: SignedIn | None = g.get(_FRESH)
    return fresh.access_token if fresh else held(ACCESS_COOKIE)


@blueprint.after_request
async def send_cookies(response: Response) -> Response:
    """Write what `keep` or `forget` decided."""
    fresh: SignedIn | None = g.get(_FRESH)
    if fresh is not None:
        put(response, ACCESS_COOKIE, fresh.access_token, IDLE["user"])
        put(response, REFRESH_COOKIE, fresh.refresh_token, IDLE["user"])
    elif g.get(_ACCESS):
        put(response, ACCESS_COOKIE, g.get(_ACCESS), IDLE["user"])
    elif g.get(_ENDED):
        take_away(response, PREFIX, ACCESS_COOKIE, REFRESH_COOKIE)
    return response


def held(name: str) -> str:
    """Return what the browser holds under the name of a cookie of ours, or nothing."""
    return request.cookies.get(_named(name), "")


def put(
    response: Response, name: str, value: str, holds: timedelta, path: str = PREFIX,
    same_site: Literal["Strict", "Lax"] = "Strict",
) -> None:  # fmt: skip
    """Send a cookie, for pages below `path` where nothing better keeps it."""
    response.set_cookie(
        _named(name), value, max_age=holds, path=_within(path), secure=_is_https(), httponly=True,
        samesite=same_site,
    )  # fmt: skip


def take_away(response: Response, path: str, *names: str) -> None:
    """Take cookies away."""
    for name in names:
        response.delete_cookie(
            _named(name), path=_within(path), secure=_is_https(), httponly=True, samesite="Strict"
        )


def _named(name: str) -> str:
    return f"__Host-{name}" if _is_https() else name


def _within(path: str) -> str:
    return "/" if _is_https() else path


def _is_https() -> bool:
    """Return whether browsers reach us by https, so that cookies need not go without it."""
    return services().settings.public_url.startswith("https://")
