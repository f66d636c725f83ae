"""The two cookies of a console session; scripts and other sites never see them."""

from typing import Final

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
    return fresh.access_token if fresh else request.cookies.get(ACCESS_COOKIE, "")


@blueprint.after_request
async def send_cookies(response: Response) -> Response:
    """Write what `keep` or `forget` decided."""
    fresh: SignedIn | None = g.get(_FRESH)
    if fresh is not None:
        _set(response, ACCESS_COOKIE, fresh.access_token)
        _set(response, REFRESH_COOKIE, fresh.refresh_token)
    elif g.get(_ACCESS):
        _set(response, ACCESS_COOKIE, g.get(_ACCESS))
    elif g.get(_ENDED):
        for name in (ACCESS_COOKIE, REFRESH_COOKIE):
            response.delete_cookie(
                name, path=PREFIX, secure=is_https(), httponly=True, samesite="Strict"
            )
    return response


def _set(response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=IDLE["user"],
        path=PREFIX,
        secure=is_https(),
        httponly=True,
        samesite="Strict",
    )


def is_https() -> bool:
    """Return whether browsers reach us by https, so that cookies need not go without it."""
    return services().settings.public_url.startswith("https://")
