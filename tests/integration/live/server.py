"""The application on a real socket, and a caller that speaks the push protocol."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from backend.app import create_app
from backend.commands.listening import bind
from backend.commands.serving import serve
from backend.core.config import Settings
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.services.registry import Services
from tests.conftest import free_port

EXTENSION = "chrome-extension://" + "a" * 32


class LiveServer:
    """`serve` in this process, so that a test can look inside."""

    def __init__(self, keys: KeyRing, database_url: str, redis_url: str | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.socket_url = f"ws://127.0.0.1:{self.port}/api/v1/live"
        environ = {"DATABASE_URL": database_url, "PORT": str(self.port), "LOG_LEVEL": "error",
                   "MASTER_KEY": "A" * 43 + "="}  # fmt: skip
        if redis_url:
            environ["REDIS_URL"] = redis_url
        self.settings = Settings.from_environment(environ)
        self._keys = keys
        self._app = create_app(self.settings, keys, database_url)
        self._stop = asyncio.Event()
        self._served: asyncio.Task[None] | None = None

    @property
    def services(self) -> Services:
        """What the application is made of."""
        services: Services = self._app.extensions["quillgate"]
        return services

    async def start(self) -> None:
        """Serve, and return when it answers."""
        self._served = asyncio.create_task(serve(self._app, bind(self.settings), self._stop))
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(OSError):
                    status, _, _ = await self.request("GET", "/health/ready")
                    if status == 200:
                        return
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Stop as SIGTERM would."""
        self._stop.set()
        assert self._served
        await self._served

    def token(self, principal: Principal, age: timedelta = timedelta()) -> str:
        """Return an access token, issued `age` ago."""
        tokens = AccessTokens(self._keys.access_tokens)
        return tokens.issue(principal, datetime.now(UTC) - age)

    async def request(
        self, method: str, path: str, principal: Principal | None = None, content: Any = None
    ) -> tuple[int, dict[str, str], Any]:
        """Make one HTTP request and return status, headers and the JSON of the answer."""
        body = b"" if content is None else json.dumps(content).encode()
        head = [f"{method} {path} HTTP/1.1", "Host: test", "Connection: close"]
        head += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
        if principal:
            head.append(f"Authorization: Bearer {self.token(principal)}")
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        answer = await reader.read()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        start, _, rest = answer.partition(b"\r\n\r\n")
        first, *lines = start.decode().split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
        }
        return int(first.split()[1]), headers, json.loads(rest) if rest.strip() else None

    @contextlib.asynccontextmanager
    async def socket(self, **options: Any) -> AsyncIterator["Caller"]:
        """Open a socket as an extension does; nothing is said yet."""
        given = {"origin": EXTENSION, "subprotocols": ["quillgate.v1"], "close_timeout": 1}
        async with connect(self.socket_url, **{**given, **options}) as connection:
            yield Caller(connection)

    @contextlib.asynccontextmanager
    async def greeted(self, principal: Principal, *subs: dict[str, Any]) -> AsyncIterator["Caller"]:
        """Open a socket, say hello and hear the welcome."""
        async with self.socket() as caller:
            await caller.say("hello", token=self.token(principal), subs=list(subs))
            assert (await caller.hear())["t"] == "welcome"
            yield caller


class Caller:
    """The other side of a socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, kind: str, **content: Any) -> None:
        """Send one message."""
        await self.connection.send(json.dumps({"t": kind, "d": content}))

    async def hear(self, seconds: float = 5.0) -> dict[str, Any]:
        """Return the next message."""
        async with asyncio.timeout(seconds):
            message: dict[str, Any] = json.loads(await self.connection.recv())
            return message

    async def hear_nothing(self, seconds: float = 0.3) -> bool:
        """Return whether nothing is said for a while."""
        with contextlib.suppress(TimeoutError):
            await self.hear(seconds)
            return False
        return True

    async def closed_with(self, seconds: float = 5.0) -> int | None:
        """Return the code the server closes with, whatever it says before."""
        async with asyncio.timeout(seconds):
            await self.connection.wait_closed()
        return self.connection.close_code
