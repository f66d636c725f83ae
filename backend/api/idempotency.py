"""`Idempotency-Key`: a request that makes something may be sent again without making it twice."""

import functools
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from quart import Response, current_app, request

from backend.api.context import principal, services
from backend.core.errors import InvalidInput
from backend.services.repetitions import Answer

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
IDEMPOTENT: Final = "is_idempotent"
_KEY: Final = re.compile(r"[A-Za-z0-9_.:-]{8,128}")
Given = TypeVar("Given")


def idempotent(handler: Callable[..., Awaitable[Given]]) -> Callable[..., Awaitable[Any]]:
    """Answer a repeated request with the first answer, for a day.

    Stands below `requires` and above what validates. A key that comes with another body, query or
    address is a Conflict; what fails is not kept, so that it may be tried again.
    """

    @functools.wraps(handler)
    async def once(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return await handler(*args, **kwargs)
        if not _KEY.fullmatch(key):
            raise InvalidInput(
                f"An {HEADER} has 8 to 128 letters, digits, hyphens, dots or colons. A UUID does.",
                code="idempotency-key",
            )
        caller, keeping = principal(), services().repetitions
        operation = f"{request.method} {request.full_path}"
        body: Any = await request.get_data(cache=True, as_text=False)
        attempt = keeping.attempt(caller, operation, key, body)
        kept = await keeping.begun(caller, attempt)
        if kept is not None:
            headers = {REPLAYED: "true"}
            return Response(kept.body, kept.status, headers, content_type="application/json")
        try:
            made: Any = await handler(*args, **kwargs)
            response: Any = await current_app.make_response(made)
            answer = Answer(response.status_code, await response.get_data(as_text=False))
        except BaseException:
            await keeping.failed(caller, attempt)
            raise
        await keeping.finished(caller, attempt, answer)
        return response

    setattr(once, IDEMPOTENT, True)
    return once
