"""What is shown to auditors: the frameworks' controls, compliance over time, and the score."""

from datetime import date
from typing import Annotated

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.validation import validate_querystring
from backend.services.frameworks import Framework, frameworks

blueprint = Blueprint("reports", __name__)
FrameworkId = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9-]+$(?!\n)")
]


class ControlShape(msgspec.Struct):
    """One control; `in_force_from` is null for what is only proposed."""

    id: str
    title: str
    status: str
    in_force_from: date | None
    source: str
    note: str


class FrameworkShape(msgspec.Struct):
    """One framework; `concerns` says which controls something recorded touches, by its subject."""

    id: str
    name: str
    version: str
    source: str
    checked_on: date
    note: str
    concerns: dict[str, list[str]]
    controls: list[ControlShape]

    @classmethod
    def of(cls, one: Framework) -> "FrameworkShape":
        """Shape a framework."""
        controls = [
            msgspec.convert(control, ControlShape, from_attributes=True)
            for control in one.controls.values()
        ]
        return cls(
            one.id, one.name, one.version, one.source, one.checked_on, one.note,
            {name: list(ids) for name, ids in one.concerns.items()}, controls,
        )  # fmt: skip


class FrameworkPage(msgspec.Struct):
    """Frameworks; there is one page of them."""

    items: list[FrameworkShape]
    next: str | None = None


class FrameworkQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which framework; all when it is left out."""

    framework: FrameworkId | None = None


@blueprint.get("/reports/frameworks")
@requires("report:read")
@validate_querystring(FrameworkQuery)
@validate_response(FrameworkPage)
async def list_frameworks(query_args: FrameworkQuery) -> FrameworkPage:
    """List the control catalogue: every framework, dated, with its sources."""
    wanted = query_args.framework
    return FrameworkPage(
        [FrameworkShape.of(one) for one in frameworks().values() if wanted in {None, one.id}]
    )
