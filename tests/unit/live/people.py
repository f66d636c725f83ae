"""Principals for sockets that need no database."""

from uuid import UUID

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.live.connection import Connection
from backend.live.messages import Close


def of_client(client_id: UUID | None = None, role: Role = Role.CLIENT_ADMIN) -> Principal:
    """Return somebody of a client."""
    client_id = client_id or uuid7()
    return Principal("user", uuid7(), None, uuid7(), client_id, client_id, role, uuid7())


def of_msp(msp_id: UUID | None = None) -> Principal:
    """Return somebody of an MSP's staff."""
    msp_id = msp_id or uuid7()
    return Principal("user", uuid7(), None, msp_id, msp_id, None, Role.MSP_ADMIN, uuid7())


async def everything_sent(socket: Connection) -> list[str]:
    """Close a socket and return every frame that was on its way."""
    socket.outgoing.close(Close.RESTART)
    frames = []
    while (frame := await socket.outgoing.next()) is not None:
        frames.append(frame)
    return frames
