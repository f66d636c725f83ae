"""Between the server and Quart's sockets: each frame as it came, and no more than are read."""

import asyncio
from typing import Any, Final

from quart import Quart
from quart.asgi import ASGIWebsocketConnection

MOST_UNREAD: Final = 16


class BoundedSocket(ASGIWebsocketConnection):
    """Takes the next frame only when there is room, so that the server stops reading from a flood.

    Quart keeps everything a peer sends while its handler waits, for the database, say; and it takes
    an empty binary frame for a text that is not there.
    """

    def __init__(self, app: Quart, scope: Any) -> None:
        super().__init__(app, scope)
        self.queue: asyncio.Queue[str | bytes] = asyncio.Queue(MOST_UNREAD)

    async def handle_messages(self, receive: Any) -> None:
        """Pass frames on until the peer is gone."""
        while (event := await receive())["type"] != "websocket.disconnect":
            if event["type"] == "websocket.receive":
                text = event.get("text")
                await self.queue.put(event["bytes"] if text is None else text)


def install(app: Quart) -> None:
    """Let every socket of `app` be bounded."""
    app.asgi_websocket_class = BoundedSocket
