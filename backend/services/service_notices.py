"""What an administrator should hear of AI services: kept in the client's rows, and told at once."""

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol
from uuid import UUID

import structlog

from backend.core.database import Connection
from backend.core.identifiers import uuid7

_log = structlog.get_logger(__name__)


class Noted(Protocol):
    """Whoever reaches the feeds of a client and its MSP."""

    async def noted(self, tenant_id: UUID, msp_id: UUID, content: Mapping[str, Any]) -> object:
        """Tell feeds that something beside a violation changed."""
        ...


class ServiceNotices:
    """Writes notices and tells of them; a subject is a host or an id, never a text."""

    def __init__(self, publisher: Noted) -> None:
        self._publisher = publisher

    @staticmethod
    async def write(connection: Connection, kind: str, subject: str, **details: str | int) -> None:
        """Keep a notice, in the transaction of what it is about."""
        await connection.execute(_WRITE, uuid7(), kind, subject, json.dumps(details))

    async def tell(self, client_id: UUID, msp_id: UUID, about: str, service: str) -> None:
        """Tell feeds; who is not there reads it from the notices."""
        try:
            await self._publisher.noted(client_id, msp_id, {"about": about, "service": service})
        except Exception as error:  # noqa: BLE001 -- what was committed stands
            _log.warning("notice_not_told", error=type(error).__name__)


_WRITE: Final = """
INSERT INTO notices (tenant_id, id, msp_id, kind, subject, details)
VALUES (qg_tenant(), $1, qg_tenant_msp(), $2, $3, $4::jsonb)
"""
