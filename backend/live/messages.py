"""The push protocol `quillgate.v1`: one envelope, a closed set of types, close codes."""

import json
from enum import IntEnum
from typing import Any, Final

from backend.core.identifiers import uuid7

SUBPROTOCOL: Final = "quillgate.v1"
EPOCH: Final = "1"  # names one history of offsets; a restore from backup must change it
LARGEST_IN: Final = 64 * 1024
LARGEST_OUT: Final = 256 * 1024


class Close(IntEnum):
    """Why a socket was closed: 40xx reconnect, 45xx stop."""

    RESTART = 4000
    TOKEN_EXPIRED = 4001
    SLOW = 4008
    RESYNC = 4010
    RATE_LIMITED = 4029
    BAD_TOKEN = 4500
    BAD_MESSAGE = 4501
    REVOKED = 4503
    LIMIT = 4504
    UPGRADE_REQUIRED = 4505


def envelope(kind: str, content: Any, channel: str = "ctl", offset: int | None = None) -> str:
    """Return one message as text: `{t, ch, e, o, id, d}`."""
    message = {
        "t": kind, "ch": channel, "e": EPOCH, "o": offset, "id": str(uuid7()), "d": content,
    }  # fmt: skip
    return json.dumps(message, separators=(",", ":"))
