"""Announces what has been committed; a message is only a hint."""

import json
from typing import Any
from uuid import UUID

from backend.core.bus import Bus
from backend.live.channels import of_msp, of_tenant


class Publisher:
    """Puts events on the bus, for the client's sockets and for its MSP's."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def policy_changed(self, tenant_id: UUID, msp_id: UUID, version: int, etag: str) -> None:
        """Tell that `version` exists."""
        content = {"client_id": str(tenant_id), "version": version, "etag": etag}
        await self._announce(tenant_id, msp_id, "policy.changed", content)

    async def violation(self, tenant_id: UUID, msp_id: UUID, event: dict[str, Any]) -> None:
        """Tell of a violation; the event holds ids, kinds and counts, never text."""
        await self._announce(tenant_id, msp_id, "feed.event", event)

    async def _announce(
        self, tenant_id: UUID, msp_id: UUID, kind: str, content: dict[str, Any]
    ) -> None:
        payload = json.dumps({"kind": kind, "content": content}).encode()
        await self._bus.publish(of_tenant(tenant_id), payload)
        await self._bus.publish(of_msp(msp_id), payload)
