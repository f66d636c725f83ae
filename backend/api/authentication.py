"""Guards routes: a token, the proof of its key where it is a browser's, and a permission."""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar

from quart import g, request

from backend.api.context import principal, services
from backend.api.development import bypass
from backend.core.errors import Unauthenticated
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.core.proofs import Call, Proof
from backend.services.allowances import PROTECTING
from backend.services.api_keys import START
from backend.services.registry import Services

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
PERMISSION: Final = "required_permission"
PUBLIC: Final = "public"
STEP_UP: Final = "step_up"


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
            g.principal = await _principal_of(given)
            if permission not in PROTECTING:
                services().allowances.take(g.principal)
            g.principal.require(permission, least)
            return await handler(*args, **kwargs)

        setattr(guarded, PERMISSION, permission)
        return guarded

    return guard


def requires_step_up(
    handler: Callable[Parameters, Awaitable[Answer]],
) -> Callable[Parameters, Awaitable[Answer]]:
    """Let only those through who showed a second factor in the last minutes.

    It stands below `requires`, which finds out who calls.
    """

    @functools.wraps(handler)
    async def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        services().fresh_factors.require(principal())
        return await handler(*args, **kwargs)

    setattr(guarded, STEP_UP, True)
    return guarded


def may_need_step_up(
    when: str,
) -> Callable[[Callable[Parameters, Awaitable[Answer]]], Callable[Parameters, Awaitable[Answer]]]:
    """Mark a route whose service asks for a fresh second factor, and say when."""

    def mark(
        handler: Callable[Parameters, Awaitable[Answer]],
    ) -> Callable[Parameters, Awaitable[Answer]]:
        setattr(handler, STEP_UP, when)
        return handler

    return mark


def requires_step_up_when(
    is_export: Callable[Parameters, bool], permission: str
) -> Callable[[Callable[Parameters, Awaitable[Answer]]], Callable[Parameters, Awaitable[Answer]]]:
    """Ask for `permission` and a fresh second factor where what is asked for makes it an export.

    It stands directly above the route's function, where the query has been read.
    """

    def guard(
        handler: Callable[Parameters, Awaitable[Answer]],
    ) -> Callable[Parameters, Awaitable[Answer]]:
        @functools.wraps(handler)
        async def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
            if is_export(*args, **kwargs):
                principal().require(permission)
                services().fresh_factors.require(principal())
            return await handler(*args, **kwargs)

        setattr(guarded, STEP_UP, True)
        return guarded

    return guard


async def _principal_of(authorization: str) -> Principal:
    """Return who calls, by an API key or by a token. Raise Unauthenticated."""
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() == "bearer" and text.startswith(START):
        return await services().api_keys.principal_of(text.strip())
    caller = authenticated(services(), Given(authorization, _proof_header(), _call()))
    if caller.proof is not None:
        await services().device_proofs.spend(caller.proof)
    return caller.principal


@dataclass(frozen=True, slots=True)
class Given:
    """What a request says about its caller, and the request as a proof must name it."""

    authorization: str
    proof: str
    call: Call


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and the proof of it, which is not counted yet; None for who needs none."""

    principal: Principal
    proof: Proof | None


def authenticated(here: Services, given: Given) -> Caller:
    """Return who calls. Raise Unauthenticated.

    The token of a browser with a key comes as `DPoP` with a proof, any other as `Bearer`
    (RFC 9449, section 7). A proof is counted by whoever goes on with the request.
    """
    scheme, _, token = given.authorization.partition(" ")
    scheme, token = scheme.lower(), token.strip()
    if scheme not in {"bearer", "dpop"} or not token:
        raise Unauthenticated(
            "This needs an access token and none was sent. "
            "Sign in and send it as `Authorization: Bearer`."
        )
    if scheme == "bearer":
        return Caller(here.sessions.principal_of(token), None)
    proof = here.device_proofs.read(given.proof, given.call, token)
    principal = here.sessions.principal_of(token, proof.thumbprint)
    if principal.key_thumbprint is None:
        raise Unauthenticated(
            "This token belongs to no browser's key. Send it as `Authorization: Bearer`."
        )
    return Caller(principal, proof)


async def proved_key() -> str | None:
    """Return the key a request without an access token proves to hold; None without a proof."""
    header = _proof_header()
    if not header:
        return None
    proof = services().device_proofs.read(header, _call(), None)
    await services().device_proofs.spend(proof)
    return proof.thumbprint


def _proof_header() -> str:
    """Return the `DPoP` header; two of them prove nothing."""
    return ",".join(request.headers.getlist("DPoP"))


def _call() -> Call:
    return services().device_proofs.call(request.method, request.host, request.path)


def public(
    handler: Callable[Parameters, Awaitable[Answer]],
) -> Callable[Parameters, Awaitable[Answer]]:
    """Mark a route that needs no sign-in, so that the sweep over all routes knows it is meant."""
    setattr(handler, PERMISSION, PUBLIC)
    return handler
