"""Guards routes: a bearer token, and a permission."""

import functools
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, TypeVar

from quart import g, request

from backend.api.context import services
from backend.core.errors import Unauthenticated

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
PERMISSION: Final = "required_permission"
PUBLIC: Final = "public"


def requires(
    permission: str,
) -> Callable[[Callable[Parameters, Awaitable[Answer]]], Callable[Parameters, Awaitable[Answer]]]:
    """Let only principals with `permission` through; the route can then ask `principal()`."""

    def guard(
        handler: Callable[Parameters, Awaitable[Answer]],
    ) -> Callable[Parameters, Awaitable[Answer]]:
        @functools.wraps(handler)
        async def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token:
                raise Unauthenticated(
                    "This needs an access token and none was sent. "
                    "Sign in and send it as `Authorization: Bearer`."
                )
            caller = services().sessions.principal_of(token.strip())
            caller.require(permission)
            g.principal = caller
            return await handler(*args, **kwargs)

        setattr(guarded, PERMISSION, permission)
        return guarded

    return guard


def public(
    handler: Callable[Parameters, Awaitable[Answer]],
) -> Callable[Parameters, Awaitable[Answer]]:
    """Mark a route that needs no sign-in, so that the sweep over all routes knows it is meant."""
    setattr(handler, PERMISSION, PUBLIC)
    return handler
