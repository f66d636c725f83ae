"""Every failure as problem+json (RFC 9457); the only place that knows status numbers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import msgspec
import structlog
from quart import Quart, Response, g, request
from quart_schema import RequestSchemaValidationError
from werkzeug.exceptions import HTTPException

from backend.core import errors
from backend.core.identifiers import uuid7

_STATUS: Final[dict[type[errors.QuillgateError], HTTPStatus]] = {
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
_ADVICE: Final = {
    400: "The request could not be read. Send well-formed JSON in UTF-8.",
    404: "There is nothing at this address. /openapi.json lists what there is.",
    405: "This address does not take that method. /openapi.json lists what it takes.",
    413: "The body is larger than 256 KiB. Send less, or fewer events at once.",
    415: "Send the body as application/json.",
}
_MISTAKE: Final = "Something went wrong on our side. Try again; if it stays, name the id."
CONTENT_TYPE: Final = "application/problem+json"
_UNKNOWN_FIELD: Final = re.compile(r"unknown field `([A-Za-z0-9_]{1,40})`")
_QUOTED_VALUE: Final = re.compile(r" '.*'(?= - at|$)", re.DOTALL)
_log = structlog.get_logger(__name__)


def problem(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    """Return one problem document."""
    content = _document(status, code, detail, _request_id())
    return Response(content, status=status, content_type=CONTENT_TYPE, headers=headers)


def _request_id() -> str:
    """Return the request's id; one that was refused before it had one gets it now."""
    given: str = g.setdefault("request_id", str(uuid7()))
    return given


def _document(
    status: int,
    code: str,
    detail: str,
    request_id: str,
    members: Mapping[str, Any] = MappingProxyType({}),
) -> bytes:
    content = {
        **members,
        "type": f"https://quillgate.invalid/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    return json.dumps(content).encode()


@dataclass(frozen=True, slots=True)
class Failure:
    """How a failure of a service is answered, whatever carries the answer."""

    status: int
    content: bytes
    headers: dict[str, str]


def failure(error: Exception, route: str, request_id: str) -> Failure:
    """Return the problem document of `error`; a mistake of ours is logged, never described."""
    status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), None)
    if status is None or not isinstance(error, errors.QuillgateError):
        _log_mistake(error, route, request_id)
        return Failure(500, _document(500, "internal", _MISTAKE, request_id), {})
    headers = {}
    if isinstance(error, errors.TooMany | errors.Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if status is HTTPStatus.UNAUTHORIZED:
        is_proof = error.stable_code.startswith("proof-")
        headers["WWW-Authenticate"] = 'DPoP algs="ES256"' if is_proof else "Bearer"
    content = _document(status, error.stable_code, error.message, request_id, error.members)
    return Failure(status, content, headers)


def install(app: Quart) -> None:
    """Answer every failure of `app` as a problem document."""
    app.register_error_handler(RequestSchemaValidationError, _unfit)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)


async def _unfit(error: RequestSchemaValidationError) -> Response:
    """Say which field is wrong and how, without repeating what was sent."""
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-input",
        f"The request has the wrong form: {_why(error.validation_error)}. "
        "/openapi.json says what is expected.",
    )


def _why(error: object) -> str:
    """Return msgspec's reason; the two kinds of message that quote the input lose the quotation."""
    message = str(error) if isinstance(error, msgspec.ValidationError) else ""
    if message.startswith("Object contains unknown field"):
        name = _UNKNOWN_FIELD.search(message)
        return f"the field {name[1]} is not known" if name else "a field is not known"
    message = _QUOTED_VALUE.sub("", message)
    return message.replace("`", "") or "a field is missing, unknown or of another type"


async def _http(error: HTTPException) -> Response:
    status = error.code or 500
    phrase = HTTPStatus(status).phrase
    valid_methods = getattr(error, "valid_methods", None)
    headers = {"Allow": ", ".join(sorted(valid_methods))} if valid_methods else None
    code = "too-large" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else phrase
    advice = _ADVICE.get(status, f"{phrase}. /openapi.json says what is expected.")
    return problem(status, code.lower().replace(" ", "-"), advice, headers)


async def _failed(error: Exception) -> Response:
    failed = failure(error, str(request.url_rule), _request_id())
    return Response(
        failed.content, status=failed.status, content_type=CONTENT_TYPE, headers=failed.headers
    )


def _log_mistake(error: Exception, route: str, request_id: str) -> None:
    """Log a mistake of ours by class and place, never by its message, which may hold text."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    _log.error(
        "unexpected_error",
        kind=type(error).__name__,
        place=f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "",
        route=route,
        request_id=request_id,
    )


def problem_schema() -> dict[str, Any]:
    """Return the OpenAPI schema of a problem document."""
    names = ("type", "title", "detail", "code", "request_id")
    return {
        "type": "object",
        "required": [*names, "status"],
        "properties": {
            **{name: {"type": "string"} for name in names},
            "status": {"type": "integer"},
        },
    }
