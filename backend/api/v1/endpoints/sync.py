"""What a browser enforces, signed, and only when it changed."""

import asyncio
from typing import Any, Literal

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.validation import validate_querystring
from backend.core.permissions import Reach

blueprint = Blueprint("sync", __name__)


class SignedBundleShape(msgspec.Struct):
    """A bundle as text, and the Ed25519 signature over exactly that text in UTF-8, base64url."""

    format: int
    key_id: str
    signature: str
    bundle: str


class BundleQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the rulebook comes inside the bundle or is named there by its digest."""

    rulebook: Literal["inside", "apart"] = "inside"


class RulebookShape(msgspec.Struct):
    """All rules, and what they name: bundles say the SHA-256 of exactly this text, in base64url.

    `model` marks names and addresses, `phones` are the numbering plans by country code.
    """

    format: int
    version: str
    rules: list[dict[str, Any]]
    model: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    phones: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


@blueprint.get("/sync")
@requires("sync:read", Reach.SELF)
@validate_querystring(BundleQuery)
@document_response(SignedBundleShape)
@answers(304, "`If-None-Match` names the newest bundle.")
async def fetch_bundle(query_args: BundleQuery) -> Any:
    """Return the newest bundle, or 304 when `If-None-Match` names it."""
    caller = principal()
    bundle = await services().sync_bundles.bundle(
        caller,
        _held(request.headers.get("If-None-Match")),
        is_rulebook_apart=query_args.rulebook == "apart",
    )
    await services().fleet.touch(caller)
    headers = {"ETag": f'"{bundle.etag}"', "Cache-Control": "private, no-cache"}
    if bundle.is_unchanged:
        return Response(status=304, headers=headers)
    return _sent(bundle.body, bundle.packed, headers)


@blueprint.get("/sync/rulebooks/<digest>")
@requires("sync:read", Reach.SELF)
@document_response(RulebookShape)
async def fetch_rulebook(digest: str) -> Any:
    """Return the rulebook that a bundle names; the digest over its text proves it."""
    rulebook = services().shipped_rulebook.of_digest(principal(), digest)
    packed = await asyncio.to_thread(lambda: rulebook.packed)
    headers = {"ETag": f'"{digest}"', "Cache-Control": "private, max-age=31536000, immutable"}
    return _sent(rulebook.body, packed, headers)


def _sent(body: bytes, packed: bytes, headers: dict[str, str]) -> Response:
    """Return JSON in gzip to whoever reads it."""
    headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings["gzip"] <= 0:
        return Response(body, content_type="application/json", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(packed, content_type="application/json", headers=headers)


def _held(header: str | None) -> str | None:
    """Return the tag of `If-None-Match`; proxies may have marked it weak."""
    return header.strip().removeprefix("W/").strip('"') if header else None
