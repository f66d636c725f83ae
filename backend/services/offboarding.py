"""A client's end: everything it has as JSON lines first, then its keys destroyed for good."""

import re
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import msgspec

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, InvalidInput
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering, absent_client, locked_client
from backend.services.policy_lookup import PolicyLookup
from backend.services.wording import said_reason

PAGE: Final = 500
LEFT_OUT: Final = frozenset({"tenant_keys", "idempotency_keys", "outbox", "sessions"})
"""Tables that hold nothing of the client's own but secrets and machinery."""
_SECRET: Final = re.compile(r"secret|sealed|password|_hash|_digest")
"""Columns that stay here, in whatever table: what they hold may open something."""


class Offboarding:
    """Exports and offboards clients."""

    def __init__(
        self, database: Database, publisher: Publisher, clock: Clock, lookup: PolicyLookup
    ) -> None:
        self._database = database
        self._publisher = publisher
        self._clock = clock
        self._lookup = lookup
        self._administering = Administering(database)

    async def begin_export(self, principal: Principal, client_id: UUID) -> None:
        """Note that an export is taken; it is what an offboarding asks for. Raise NotFound."""
        principal.require("client:export", Reach.MSP)
        scope = await self._administering.of_client(principal, client_id, even_if_halted=True)
        async with self._database.scoped(scope) as connection:
            await locked_client(connection, client_id)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            # Staff whom the client's lockbox keeps out do not take its rows with them either.
            if not await connection.fetchval("SELECT count(*) FROM clients"):
                raise absent_client()
        async with self._database.scoped(scope) as connection:
            await AdminTrail.record(
                connection, principal, "client.export", Subject("client", client_id)
            )

    async def exported(self, principal: Principal, client_id: UUID) -> AsyncIterator[bytes]:
        """Yield every row as one line of JSON, table by table.

        What is left out: password hashes, code hashes, digests of values, keys, sign-ins. Each
        table is one view of the data; a halted client's do not change between them.
        """
        count, scope = 0, principal.scope_for(client_id)
        async with self._database.scoped(scope) as connection:
            tables = await _tables(connection)
        for table, columns in tables.items():
            # A scope lasts a minute; a cursor, once opened, as long as its transaction.
            async with self._database.scoped(scope) as connection:
                await connection.execute("SET TRANSACTION READ ONLY")
                chosen = ", ".join(f'"{column}"' for column in columns)
                await connection.execute(
                    f"DECLARE exported NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text FROM"  # noqa: S608 -- names from the catalogue
                    f' (SELECT {chosen} FROM "{table}") AS t'
                )
                while rows := await connection.fetch(f"FETCH {PAGE} FROM exported"):
                    count += len(rows)
                    lines = [f'{{"table":"{table}","row":{row[0]}}}\n' for row in rows]
                    yield "".join(lines).encode()
        yield msgspec.json.encode({"table": None, "rows": count}) + b"\n"

    async def offboard(
        self, principal: Principal, client_id: UUID, confirm_name: str, reason: str
    ) -> None:
        """Destroy a client's keys; what was recorded stays, and no digest can be made or matched.

        Raise Conflict unless the client is archived and was exported since, InvalidInput when the
        name typed is not the client's.
        """
        principal.require("client:write", Reach.MSP)
        words, now = said_reason(reason), self._clock.now()
        scope = await self._administering.of_client(principal, client_id, even_if_halted=True)
        async with self._database.scoped(scope) as connection:
            row = await locked_client(connection, client_id)
            if row["status"] != "archived":
                raise Conflict(
                    f"The client is {row['status']}; archive it first.", code="client-state"
                )
            if not await connection.fetchval(_EXPORTED):
                raise Conflict(
                    "The client has not been exported since it was archived. Export it first: "
                    "what is destroyed cannot be had again.",
                    code="export-first",
                )
            if confirm_name != row["name"]:
                raise InvalidInput(
                    "The name typed is not the client's, so nothing was destroyed.",
                    code="name-mismatch",
                )
            await connection.execute("UPDATE tenant_keys SET salt = NULL, destroyed_at = $1", now)
            await connection.execute(
                "UPDATE clients SET status = 'offboarded', version = version + 1"
            )
            await AdminTrail.record(
                connection, principal, "client.offboard", Subject("client", client_id), words
            )
        self._lookup.invalidate(client_id)
        await self._publisher.revoked(client_id, scope.msp_id, client_id)


async def _tables(connection: Connection) -> dict[str, list[str]]:
    """Return the tables of tenants and their columns that this scope may read and show."""
    rows = await connection.fetch(_READABLE)
    tables: dict[str, list[str]] = {}
    for row in rows:
        table, column = row["table"], row["column"]
        if table not in LEFT_OUT and not _SECRET.search(column):
            tables.setdefault(table, []).append(column)
    return tables


_EXPORTED: Final = """
SELECT EXISTS (SELECT FROM admin_events e WHERE e.action = 'client.export' AND e.at > (
    SELECT max(a.at) FROM admin_events a WHERE a.action = 'client.archive'))
"""
_READABLE: Final = """
SELECT c.relname AS table, a.attname AS column FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND has_column_privilege(c.oid, a.attnum, 'SELECT')
    AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id')
ORDER BY c.relname, a.attnum
"""
