"""Guards routes: a bearer token, and a permission."""

import functools
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, TypeVar

from quart import g, request

from backend.api.context import services
from backend.api.development import bypass
from backend.core.errors import Unauthenticated
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.services.sessions import Sessions

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
PERMISSION: Final = "required_permission"
PUBLIC: Final = "public"


def requires(
    permission: str,
    least: Reach = Reach.OWN,
) -> Callable[[Callable[Parameters, Awaitable[Answer]]], Callable[Parameters, Awaitable[Answer]]]:
    """Let only principals through whose `permission` reaches as far as `least`.

    The route can then ask `principal()`. With `Reach.SELF` it must keep to the caller's own rows.
    """

    def guard(
        handler: Callable[Parameters, Awaitable[Answer]],
    ) -> Callable[Parameters, Awaitable[Answer]]:
        @functools.wraps(handler)
        async def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
            given = request.headers.get("Authorization", "") or await bypass()
            g.principal = authenticated(services().sessions, given)
            g.principal.require(permission, least)
            return await handler(*args, **kwargs)

        setattr(guarded, PERMISSION, permission)
        return guarded

    return guard


def authenticated(sessions: Sessions, authorization: str) -> Principal:
    """Return who an Authorization header speaks for. Raise Unauthenticated."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(
            "This needs an access token and none was sent. "
            "Sign in and send it as `Authorization: Bearer`."
        )
    return sessions.principal_of(token.strip())


def public(
    handler: Callable[Parameters, Awaitable[Answer]],
) -> Callable[Parameters, Awaitable[Answer]]:
    """Mark a route that needs no sign-in, so that the sweep over all routes knows it is meant."""
    setattr(handler, PERMISSION, PUBLIC)
    return handler
