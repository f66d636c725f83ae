"""Who may do what: one table of roles and `resource:verb` permissions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a principal is to its MSP or client."""

    SUPER_ADMIN = "super_admin"
    MSP_ADMIN = "msp_admin"
    MSP_TECHNICIAN = "msp_technician"
    CLIENT_ADMIN = "client_admin"
    AUDITOR = "auditor"
    END_USER = "end_user"
    DEVICE = "device"


_MSP_READS = {
    "msp:read", "client:read", "user:read", "policy:read", "audit:read", "violation:feed",
    "device:read", "ai_service:read",
}  # fmt: skip
PERMISSIONS: Final[Mapping[Role, frozenset[str]]] = {
    Role.SUPER_ADMIN: frozenset({"msp:read", "client:read", "system:write"}),
    Role.MSP_ADMIN: frozenset(
        _MSP_READS | {"policy:write", "policy:publish", "device:enrol-code", "device:revoke"}
    ),
    Role.MSP_TECHNICIAN: frozenset(_MSP_READS | {"policy:write", "device:enrol-code"}),
    Role.CLIENT_ADMIN: frozenset(
        {"client:read", "user:read", "policy:read", "policy:write", "policy:publish", "audit:read",
         "violation:feed", "device:read", "device:enrol-code", "device:revoke", "ai_service:read",
         "analyze:run", "msp:read"}  # msp:read of a client shows the client's own row only
    ),
    Role.AUDITOR: frozenset(
        {"client:read", "user:read", "policy:read", "audit:read", "violation:feed", "device:read",
         "ai_service:read", "msp:read"}
    ),
    Role.END_USER: frozenset({"policy:read", "analyze:run", "ai_service:read"}),
    Role.DEVICE: frozenset(
        {"policy:read", "analyze:run", "ai_service:read", "audit:append", "sync:read"}
    ),
}  # fmt: skip
