"""An AI chat service of our own, over TLS: "did it leave?" is read from its request log."""

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from quart import Quart, Response, request, send_file, websocket

from tests.end_to_end.waiting import until

HERE = Path(__file__).parent
# What a worker of the page does: it sends what it is told to.
SENDS = """({ data: [to, body], ports: [port] }) => fetch(to + "%s", { method: "POST", body })
  .then(() => "sent", String).then((word) => (port ?? self).postMessage(word))"""
WORKERS = {
    "worker": f"onmessage = {SENDS % 'worker'}",
    "service": f"""oninstall = () => skipWaiting();
      onmessage = (event) => event.waitUntil(({SENDS % "serviceWorker"})(event))""",
}
MODULES = HERE.parents[1] / "extension" / "node_modules"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a self-signed certificate for the host names under test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "chatgpt.com")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "fake.pem", folder / "fake.key"
    certificate_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_path, key_path


class FakeService:
    """The service and what it received."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.received: list[str] = []
        self.files: list[tuple[str, bytes]] = []
        self.arrived: dict[str, str] = {}
        """By the way it took, what of the page that tries them all has come here."""
        self._folder = folder
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        certificate_path, key_path = certificate(self._folder)
        config = uvicorn.Config(
            self._app(),
            host="127.0.0.1",
            port=self.port,
            ssl_certfile=str(certificate_path),
            ssl_keyfile=str(key_path),
            log_level="error",
            lifespan="off",
            ws="websockets-sansio",
        )
        self._server = server = uvicorn.Server(config)
        self._task = asyncio.create_task(server._serve())  # noqa: SLF001 -- without its signals
        await until(lambda: server.started, what="the chat service")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        assert self._task is not None
        self._server.should_exit = True
        self._server.force_exit = True
        await self._task

    def _app(self) -> Quart:
        app = Quart("fake", static_folder=None)

        @app.get("/")
        @app.get("/issues")
        async def page() -> Response:
            return await send_file(HERE / "fake_chat" / "chat.html")

        self._take_all_ways(app)

        @app.get("/modules/<path:name>")
        async def module(name: str) -> Response:
            return await send_file(MODULES / name, mimetype="text/javascript")

        @app.post("/backend-api/files")
        async def files() -> str:
            for upload in (await request.files).values():
                self.files.append((upload.filename or "", upload.read()))
            return ""

        @app.post("/backend-api/f/conversation")
        @app.post("/api/organizations/o/chat_conversations/c/completion")
        async def conversation() -> Response:
            if "way" in request.args:
                body: Any = await request.get_data(as_text=False)
                self.arrived[request.args["way"]] = body.decode(errors="replace")
                return Response("noted", content_type="text/plain")
            asked = await request.get_json()
            is_claude = "prompt" in asked
            text = asked["prompt"] if is_claude else asked["messages"][0]["content"]["parts"][0]
            self.received.append(text)

            async def reply() -> AsyncIterator[bytes]:
                named = re.findall(r"\[[A-Z_]+_[0-9]+\]", text)
                # As models do: in pieces that care for nothing.
                about = [part for one in named for part in (" ", one[:4], one[4:])]
                for word in ("Thank", " you", ", noted.", *about):
                    yield word.encode()
                    await asyncio.sleep(0.01)

            return Response(reply(), content_type="text/plain")

        return app

    def _take_all_ways(self, app: Quart) -> None:
        """Serve the page that tries every way out, its workers, and its socket."""

        @app.get("/leave")
        async def leave() -> Response:
            return await send_file(HERE / "fake_chat" / "leave.html")

        @app.get("/editors")
        async def editors() -> Response:
            return await send_file(HERE / "fake_chat" / "editors.html")

        @app.get("/leave/<name>.js")
        async def worker(name: str) -> Response:
            return Response(WORKERS[name], content_type="text/javascript")

        @app.websocket("/c/api/chat")
        async def socket() -> None:
            await websocket.accept()
            while True:
                self.arrived[websocket.args["way"]] = str(await websocket.receive())
