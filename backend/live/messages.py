"""The push protocol `quillgate.v1`: one envelope, what may be said in it, close codes."""

from enum import IntEnum
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec

from backend.core.identifiers import uuid7
from backend.live.channels import CONTROL

SUBPROTOCOL: Final = "quillgate.v1"
EPOCH: Final = "1"  # names one history of offsets; a restore from backup must change it
LARGEST_IN: Final = 64 * 1024
LARGEST_OUT: Final = 256 * 1024
MOST_SUBSCRIPTIONS: Final = 64


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


class Envelope(msgspec.Struct):
    """Every message we send: type, channel, epoch, offset, id, content."""

    t: str
    ch: str
    e: str
    o: int | None
    id: str
    d: Any


def envelope(kind: str, content: Any, channel: str = CONTROL, offset: int | None = None) -> str:
    """Return one message as text."""
    message = Envelope(kind, channel, EPOCH, offset, str(uuid7()), content)
    return msgspec.json.encode(message).decode()


class Subscription(msgspec.Struct):
    """A channel somebody asks for, and the last offset seen there. Unknown channels are ignored."""

    ch: Annotated[str, msgspec.Meta(max_length=32)]
    client: UUID | None = None
    epoch: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    offset: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] | None = None


class Hello(msgspec.Struct):
    """The first message: who calls, and what for."""

    token: Annotated[str, msgspec.Meta(max_length=4096)]
    client_version: Annotated[str, msgspec.Meta(max_length=64)] = ""
    subs: Annotated[list[Subscription], msgspec.Meta(max_length=MOST_SUBSCRIPTIONS)] = []
    proof: Annotated[str, msgspec.Meta(max_length=2048)] = ""


class AdapterHealth(msgspec.Struct):
    """What of a site adapter no longer fits its site, as a browser saw it; nothing: all is well."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,64}$(?!\n)")]
    v: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    problems: Annotated[
        list[Literal["composer", "body", "request", "page"]], msgspec.Meta(max_length=8)
    ]


class Ack(msgspec.Struct):
    """A browser's tabs now obey this policy version."""

    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    rulebook_version: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    adapters: Annotated[list[AdapterHealth], msgspec.Meta(max_length=100)] = []
    delivered: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] | None = None
    """Every event of this browser up to this number was delivered."""


class AuthRefresh(msgspec.Struct):
    """A fresh access token of the same session."""

    token: Annotated[str, msgspec.Meta(max_length=4096)]


class Ping(msgspec.Struct):
    """Asks for a pong."""


class Pong(msgspec.Struct):
    """Answers our ping."""


Inbound = Hello | Ack | AuthRefresh | Ping | Pong
_KINDS: Final[dict[str, type[Inbound]]] = {
    "hello": Hello, "ack": Ack, "auth.refresh": AuthRefresh, "ping": Ping, "pong": Pong,
}  # fmt: skip
_NAMES: Final = frozenset(Envelope.__struct_fields__)


def read(text: str) -> Inbound | None:
    """Return what a caller said, its content under `d` or beside `t`; None when it is not ours."""
    try:
        message = msgspec.json.decode(text, type=dict[str, Any])
        kind = _KINDS[message["t"]]
        content = message.get("d")
        if not isinstance(content, dict):
            content = {name: value for name, value in message.items() if name not in _NAMES}
        return msgspec.convert(content, kind)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, RecursionError):
        return None
