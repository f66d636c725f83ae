"""The names under which events travel: on the bus, and inside the push protocol."""

from typing import Final
from uuid import UUID

POLICY: Final = "policy"
FEED: Final = "feed"
CONTROL: Final = "ctl"

ALL_POLICIES: Final = "qg:p"
"""Every process hears of every new policy version, to forget the one it keeps."""


def of_tenant(tenant_id: UUID) -> str:
    """Return the bus channel of everything about one client."""
    return f"qg:t:{tenant_id}"


def of_msp(msp_id: UUID) -> str:
    """Return the bus channel of everything about the clients of one MSP."""
    return f"qg:m:{msp_id}"
