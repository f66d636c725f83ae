"""Announces what has been committed; a message is only a hint."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from backend.core.bus import Bus
from backend.live.announcements import Announcement, written
from backend.live.channels import ALL_POLICIES, of_msp, of_tenant


class Publisher:
    """Puts events on the bus, for the client's sockets and for its MSP's."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def policy_changed(self, tenant_id: UUID, msp_id: UUID, version: int, etag: str) -> None:
        """Tell that `version` exists; first to those who keep an older one."""
        announcement = Announcement("policy.changed", tenant_id, version, etag)
        await self._bus.publish(ALL_POLICIES, written(announcement))
        await self._announce(tenant_id, msp_id, announcement)

    async def services_changed(self, tenant_id: UUID, msp_id: UUID, mark: str) -> None:
        """Tell that a client decided about AI services; `mark` is later than those before it."""
        announcement = Announcement("services.changed", tenant_id, etag=mark)
        await self._bus.publish(ALL_POLICIES, written(announcement))
        await self._announce(tenant_id, msp_id, announcement)

    async def violation(self, tenant_id: UUID, msp_id: UUID, event: Mapping[str, Any]) -> None:
        """Tell of a violation; the event holds ids, kinds and counts, never text."""
        content = msgspec.Raw(msgspec.json.encode(event))
        announcement = Announcement("feed.event", tenant_id, event["sequence"], content=content)
        await self._announce(tenant_id, msp_id, announcement)

    async def noted(self, tenant_id: UUID, msp_id: UUID, content: Mapping[str, Any]) -> None:
        """Tell feeds that something beside a violation changed: ids and what it is about."""
        said = msgspec.Raw(msgspec.json.encode({"client_id": str(tenant_id), **content}))
        await self._announce(tenant_id, msp_id, Announcement("feed.note", tenant_id, content=said))

    async def exception_decided(
        self, tenant_id: UUID, msp_id: UUID, person: UUID, exception_id: UUID
    ) -> None:
        """Tell who asked that there is an answer; first to those who keep what holds for them."""
        content = msgspec.Raw(msgspec.json.encode({"exception_id": str(exception_id)}))
        decided = Announcement("exception.decided", tenant_id, subject=person, content=content)
        await self._bus.publish(ALL_POLICIES, written(decided))
        await self._announce(tenant_id, msp_id, decided)

    async def revoked(self, tenant_id: UUID, msp_id: UUID, subject: UUID) -> None:
        """Tell that a session, a device or a user may no longer be here; `subject` is its id."""
        await self._announce(tenant_id, msp_id, Announcement("revoked", tenant_id, subject=subject))

    async def rights_changed(self, tenant_id: UUID, msp_id: UUID, subject: UUID) -> None:
        """Tell that a person, or all staff of an MSP, may now see more or less than before."""
        changed = Announcement("rights.changed", tenant_id, subject=subject)
        await self._announce(tenant_id, msp_id, changed)

    async def _announce(self, tenant_id: UUID, msp_id: UUID, announcement: Announcement) -> None:
        payload = written(announcement)
        await self._bus.publish(of_tenant(tenant_id), payload)
        await self._bus.publish(of_msp(msp_id), payload)
