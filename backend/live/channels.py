"""The names under which events travel on the bus."""

from typing import Final
from uuid import UUID

POLICY: Final = "policy"
FEED: Final = "feed"
CONTROL: Final = "ctl"


def of_tenant(tenant_id: UUID) -> str:
    """Return the channel of everything about one client."""
    return f"qg:t:{tenant_id}"


def of_msp(msp_id: UUID) -> str:
    """Return the channel of everything about the clients of one MSP."""
    return f"qg:m:{msp_id}"
