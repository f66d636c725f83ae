"""What a browser enforces, signed, and only when it changed."""

from typing import Any

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.core.permissions import Reach

blueprint = Blueprint("sync", __name__)


class SignedBundleShape(msgspec.Struct):
    """A bundle as text, and the Ed25519 signature over exactly that text in UTF-8, base64url."""

    format: int
    key_id: str
    signature: str
    bundle: str


@blueprint.get("/sync")
@requires("sync:read", Reach.SELF)
@document_response(SignedBundleShape)
@answers(304, "`If-None-Match` names the newest bundle.")
async def fetch_bundle() -> Any:
    """Return the newest bundle, or 304 when `If-None-Match` names it."""
    caller = principal()
    bundle = await services().sync_bundles.bundle(
        caller, _held(request.headers.get("If-None-Match"))
    )
    await services().fleet.touch(caller)
    headers = {"ETag": f'"{bundle.etag}"', "Cache-Control": "private, no-cache"}
    if bundle.is_unchanged:
        return Response(status=304, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings["gzip"] <= 0:
        return Response(bundle.body, content_type="application/json", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(bundle.packed, content_type="application/json", headers=headers)


def _held(header: str | None) -> str | None:
    """Return the tag of `If-None-Match`; proxies may have marked it weak."""
    return header.strip().removeprefix("W/").strip('"') if header else None
