"""The packed extension and its updates, and one client's files for device management."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from quart import Blueprint, Response
from quart_schema import validate_response

from backend.api.authentication import public, requires
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.validation import validate_request
from backend.services.deployment_files import Deployment

blueprint = Blueprint("deployment", __name__)
_PACKED = "application/x-chrome-extension"
_DAYS = 90


class PackageShape(msgspec.Struct):
    """What this server hands out; compare the digest before you trust a copy."""

    extension_id: str
    version: str
    build: str
    sha256: str
    update_url: str


class DeploymentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """For how many browsers, and how long the code inside shall work."""

    uses: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    expires_in_days: Annotated[int, msgspec.Meta(ge=1, le=_DAYS)] = 30


class DeploymentShape(msgspec.Struct):
    """Files by name. They hold an enrolment code and are shown this once."""

    files: dict[str, str]
    extension_id: str
    update_url: str
    version: str
    build: str
    sha256: str
    uses: int
    expires_at: datetime

    @classmethod
    def of(cls, made: Deployment) -> "DeploymentShape":
        """Shape a deployment."""
        return msgspec.convert(made, cls, from_attributes=True)


@blueprint.get("/extension")
@public
@validate_response(PackageShape)
async def show_package() -> PackageShape:
    """Return which extension this server hands out."""
    package = await services().extension_package.ready()
    files = package.files
    return PackageShape(package.id, files.version, files.build, package.digest, package.update_url)


@blueprint.get("/extension/updates.xml")
@public
@answers(200, "The update manifest that Chrome and Edge ask for.", "application/xml")
async def show_updates() -> Response:
    """Return where the newest packed extension is."""
    package = await services().extension_package.ready()
    return Response(package.update_manifest(), content_type="application/xml; charset=utf-8")


@blueprint.get("/extension/quillgate.crx")
@public
@answers(200, "The signed extension (CRX3).", _PACKED)
async def download_package() -> Response:
    """Return the packed extension."""
    package = await services().extension_package.ready()
    return Response(package.packed, content_type=_PACKED)


@blueprint.post("/clients/<uuid:client_id>/deployment")
@requires("device:enrol-code")
@validate_request(DeploymentRequest)
@validate_response(DeploymentShape, 201)
async def make_deployment(client_id: UUID, data: DeploymentRequest) -> tuple[DeploymentShape, int]:
    """Make one client's files for Windows, macOS and Linux, with a fresh enrolment code inside."""
    lifetime = timedelta(days=data.expires_in_days)
    made = await services().deployment_files.make(principal(), client_id, data.uses, lifetime)
    return DeploymentShape.of(made), 201
