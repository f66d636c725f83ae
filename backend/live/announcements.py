"""What travels on the bus: a kind, whose it is, and a content that is passed on as it is."""

from typing import Final, Literal
from uuid import UUID

import msgspec


class Announcement(msgspec.Struct, omit_defaults=True):
    """One event about one client. `content` is JSON that sockets get without being read again."""

    kind: Literal[
        "policy.changed",
        "services.changed",
        "feed.event",
        "revoked",
        "rights.changed",
        "feed.note",
        "exception.decided",
    ]
    client_id: UUID
    offset: int = 0
    etag: str = ""
    subject: UUID | None = None
    content: msgspec.Raw = msgspec.Raw(b"{}")


_decoder: Final = msgspec.json.Decoder(Announcement)


def written(announcement: Announcement) -> bytes:
    """Return an announcement for the bus."""
    return msgspec.json.encode(announcement)


def understood(payload: bytes) -> Announcement:
    """Return an announcement from the bus. Raise msgspec.MsgspecError for anything else."""
    return _decoder.decode(payload)
