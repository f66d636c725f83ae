"""Bounds that fields of several shapes share."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
Description = Annotated[str, msgspec.Meta(max_length=500)]
Identifiers = Annotated[list[UUID], msgspec.Meta(max_length=1000)]
LinkToken = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
"""What stands in a mail of ours behind the `#`."""
NewPassword = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
Category = Literal[
    "treatment", "operations", "legal", "public_data", "synthetic_data", "consent", "other"
]  # fmt: skip
PageSize = Annotated[int, msgspec.Meta(ge=1, le=200)]


class ReasonShape(msgspec.Struct, forbid_unknown_fields=True):
    """Why something is done; kept in the trail of changes."""

    reason: Reason


class ClientQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose it is; a client's own people may leave it out."""

    client_id: UUID | None = None
