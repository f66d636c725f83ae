"""HTTP before it reaches a route: a head that is none, too long or too slow is a problem as well.

uvicorn answers what is no HTTP in plain text, keeps a head of any size in memory, and waits for its
end for ever.
"""

import json
import re
from asyncio import TimerHandle
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from backend.core.identifiers import uuid7

LARGEST_HEAD: Final = 32 * 1024
LINGER_SECONDS: Final = 1.0
_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_WHY: Final = {
    400: "This is not HTTP/1.1 as RFC 9112 has it. Check the client or the proxy in between.",
    408: "The head of the request did not arrive in time. Send it at once.",
    431: "The head of the request is larger than 32 KiB. Send fewer or shorter headers.",
}


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol, with a limit to how long a request's head may be, and may take."""

    head_seconds: ClassVar[float] = 10
    _deadline: TimerHandle
    _is_in_head = True
    _is_refused = False
    _head_bytes = 0
    _heads = 0

    def connection_made(self, transport: Any) -> None:
        """Wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._deadline.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for one more head; the first is waited for already."""
        super().on_message_begin()
        if not self._is_in_head:
            self._await_head()

    def on_headers_complete(self) -> None:
        """Let the request through; its body is bounded by the application.

        Raise ValueError, which the parser takes for what is no HTTP.
        """
        self._deadline.cancel()
        self._is_in_head = False
        _refuse_ambiguous(self.headers, self.parser.get_http_version())
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Read on, unless a head has become too long."""
        if self._is_refused:
            return
        before = self._heads
        super().data_received(data)
        if not self._is_in_head:
            return
        # What stands before a new head in the same data is the end of another request.
        self._head_bytes += len(data) if self._heads == before else 1
        if self._head_bytes > LARGEST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def send_400_response(self, msg: str) -> None:
        """Say that this is no HTTP, and hang up."""
        del msg  # it says less
        self._refuse(HTTPStatus.BAD_REQUEST)

    def _await_head(self) -> None:
        self._is_in_head = True
        self._head_bytes = 0
        self._heads += 1
        self._deadline = self.loop.call_later(self.head_seconds, self._give_up)

    def _give_up(self) -> None:
        if self._head_bytes:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()  # a browser that connected in advance wants no answer

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer, and listen for a moment: hanging up on who still sends takes the answer back."""
        self._is_refused = True
        if self.cycle is not None:  # whoever still works on a request before this one
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.pipeline.clear()
        self._deadline.cancel()
        self.transport.write(_problem(status))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._deadline = self.loop.call_later(LINGER_SECONDS, self.transport.close)


def _refuse_ambiguous(headers: Sequence[tuple[bytes, bytes]], version: str) -> None:
    """Raise ValueError for a head that a proxy may read in another way than we do.

    It names one host (RFC 9112, section 3.2), and the one transfer coding there is (section 6.1).
    """
    hosts = [value for name, value in headers if name == b"host"]
    codings = [value.lower() for name, value in headers if name == b"transfer-encoding"]
    has_host = len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None
    if not (has_host or (version == "1.0" and not hosts)) or codings not in ([], [b"chunked"]):
        raise ValueError


def _problem(status: HTTPStatus) -> bytes:
    code = status.phrase.lower().replace(" ", "-")
    request_id = str(uuid7())
    content = {
        "type": f"https://quillgate.invalid/problems/{code}",
        "title": status.phrase,
        "status": status,
        "detail": _WHY[status],
        "code": code,
        "request_id": request_id,
    }
    body = json.dumps(content).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"content-type: application/problem+json\r\ncontent-length: {len(body)}\r\n"
        f"x-request-id: {request_id}\r\nx-content-type-options: nosniff\r\n"
        "cache-control: no-store\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
