"""The push socket: policy news to extensions, violations to admins."""

import asyncio
from typing import Final

from quart import Blueprint, websocket

from backend.api.authentication import PERMISSION, PUBLIC
from backend.api.context import services
from backend.api.headers import is_trusted_origin
from backend.api.v1.conversation import ClosingError, Conversation, received
from backend.core.errors import Unauthenticated
from backend.core.monitoring import SOCKETS
from backend.core.principal import Principal
from backend.live.messages import SUBPROTOCOL, Close, Hello

blueprint = Blueprint("live", __name__)
HELLO_SECONDS: Final = 10


@blueprint.websocket("/live")
async def live() -> None:
    """Speak `quillgate.v1`: `hello` with the token first; then events, pings, acknowledgements.

    Who names no Origin is refused like a foreign one: only pages and extensions speak here.
    """
    origin = websocket.headers.get("Origin", "")
    if not is_trusted_origin(origin, services().settings):
        await websocket.close(Close.BAD_TOKEN, "origin")
        return
    if SUBPROTOCOL not in websocket.requested_subprotocols:
        await websocket.close(Close.UPGRADE_REQUIRED, "subprotocol")
        return
    await websocket.accept(subprotocol=SUBPROTOCOL)
    try:
        principal, hello = await _greeted()
    except ClosingError as refused:
        await websocket.close(refused.code)
        return
    SOCKETS.labels(principal.kind).inc()
    try:
        await Conversation(principal, hello).run()
    finally:
        SOCKETS.labels(principal.kind).dec()


setattr(live, PERMISSION, PUBLIC)


async def _greeted() -> tuple[Principal, Hello]:
    try:
        hello = await asyncio.wait_for(received(), HELLO_SECONDS)
    except TimeoutError:
        raise ClosingError(Close.BAD_MESSAGE) from None
    if not isinstance(hello, Hello):
        raise ClosingError(Close.BAD_MESSAGE)
    try:
        return await _caller_of(hello), hello
    except Unauthenticated as error:
        is_old = error.stable_code == "token-expired"
        raise ClosingError(Close.TOKEN_EXPIRED if is_old else Close.BAD_TOKEN) from None


async def _caller_of(hello: Hello) -> Principal:
    """Return who says hello. A browser's hello carries a proof for `GET` of this address."""
    here = services()
    if not hello.proof:
        return here.sessions.principal_of(hello.token)
    call = here.device_proofs.call("GET", websocket.host, websocket.path)
    proof = here.device_proofs.read(hello.proof, call, hello.token)
    principal = here.sessions.principal_of(hello.token, proof.thumbprint)
    await here.device_proofs.spend(proof)
    return principal
