"""Answers that a caller who holds them already need not get again."""

import hashlib

import msgspec
from quart import Response, request


def tagged(content: msgspec.Struct) -> Response:
    """Return `content` as JSON with an ETag, or 304 when `If-None-Match` names it."""
    body = msgspec.json.encode(content)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    held = [
        one.strip().removeprefix("W/")
        for one in request.headers.get("If-None-Match", "").split(",")
    ]
    if etag in held:
        return Response(status=304, headers=headers)
    return Response(body, content_type="application/json", headers=headers)
