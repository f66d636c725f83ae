"""Judges prompts without Quart's dispatch, which costs more than everything else together.

Only a plain, whole, well-formed request of a caller who may ask is answered here; every other one
is handed to the Quart route untouched, so that refusals have one wording and one place.
"""

import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from quart import Quart

from backend.api.authentication import Given, authenticated
from backend.api.errors import CONTENT_TYPE, Failure, failure
from backend.api.headers import AnswerHeaders, request_id
from backend.api.limits import LARGEST_BODY
from backend.api.observation import Answered, observe
from backend.api.v1.endpoints.analyze import PERMISSION, PromptSubmission, VerdictShape
from backend.core.errors import QuillgateError
from backend.core.json_limits import parsed
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.services.registry import Services

PATH: Final = "/api/v1/analyze/prompt"
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Question:
    """A request this path can answer."""

    caller: Principal
    submission: PromptSubmission
    origin: str
    request_id: str
    arrived: float


class FastPath:
    """An ASGI application (version 3) in front of Quart's."""

    def __init__(self, services: Services, rest: Application) -> None:
        self.rest = rest
        self._services = services
        self._headers = AnswerHeaders(services.settings)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer, or hand over."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self.rest(scope, receive, send)
            return
        arrived = time.perf_counter()
        headers = _plain_headers(scope)
        if headers is None:
            await self.rest(scope, receive, send)
            return
        first = await receive()
        question = await self._understood(headers, first, arrived)
        if question is None:
            await self.rest(scope, _again(first, receive), send)
            return
        await self._answer(question, send)

    async def _understood(
        self, headers: dict[bytes, bytes], first: Message, arrived: float
    ) -> _Question | None:
        if first["type"] != "http.request" or first.get("more_body", False):
            return None
        try:
            caller = authenticated(self._services, self._given(headers))
            caller.principal.require(PERMISSION, Reach.SELF)
            submission = msgspec.convert(parsed(first["body"]), PromptSubmission)
            if caller.proof is not None:  # last: whatever is handed over must still have its proof
                await self._services.device_proofs.spend(caller.proof)
        except (QuillgateError, msgspec.ValidationError):
            return None
        return _Question(
            caller.principal, submission, headers.get(b"origin", b"").decode("latin-1"),
            request_id(headers.get(b"x-request-id", b"").decode("latin-1")), arrived,
        )  # fmt: skip

    def _given(self, headers: dict[bytes, bytes]) -> Given:
        authorization, proof, host = (
            headers.get(name, b"").decode("latin-1")
            for name in (b"authorization", b"dpop", b"host")
        )
        return Given(authorization, proof, self._services.device_proofs.call("POST", host, PATH))

    async def _answer(self, question: _Question, send: Send) -> None:
        try:
            judgement = await self._services.prompt_analysis.judge(
                question.caller, question.submission.to_submission()
            )
            body = msgspec.json.encode(VerdictShape.of(judgement))
            status, kind, extra = 200, "application/json", {}
        except Exception as error:  # noqa: BLE001 -- each failure is answered, as the route does
            failed: Failure = failure(error, PATH, question.request_id)
            status, body, kind, extra = failed.status, failed.content, CONTENT_TYPE, failed.headers
        headers = [
            ("Content-Type", kind), ("Content-Length", str(len(body))), *extra.items(),
            ("Cache-Control", "no-store"), ("X-Request-Id", question.request_id),
            *self._headers.of(PATH, question.origin, is_page=False),
        ]  # fmt: skip
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": encoded})
        await send({"type": "http.response.body", "body": body})
        tenant = str(question.caller.tenant_id)
        observe(Answered("POST", PATH, status, question.arrived, question.request_id, tenant))


def _plain_headers(scope: Message) -> dict[bytes, bytes] | None:
    """Return the headers of a request with a JSON body of a known, allowed length; else None."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    is_plain = (
        len(headers) == len(scope["headers"])
        and headers.get(b"content-type") == b"application/json"
        and b"transfer-encoding" not in headers
        and not scope.get("query_string")
        and length.isdigit()
        and int(length[:9]) <= LARGEST_BODY
    )
    return headers if is_plain else None


def _again(first: Message, receive: Receive) -> Receive:
    """Return a `receive` that gives the first message once more."""
    waiting: Iterator[Message] = iter((first,))

    async def receive_again() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return receive_again


def install(app: Quart, services: Services) -> None:
    """Put the fast path in front of `app`."""
    app.asgi_app = FastPath(services, app.asgi_app)  # type: ignore[method-assign, assignment, arg-type]
