"""The signed scope: forged, altered, expired, borrowed or of another role, it opens nothing."""

import time
from typing import Any

import asyncpg
import pytest
from asyncpg import Connection

from backend.core.database import Database
from backend.core.scope import SCOPE_SECONDS, DatabaseRole, Scope
from backend.core.signing import KeyRing
from tests.factories import World


async def _read_with(database: Database, scope: Scope, forged: str) -> list[Any]:
    """Inject a scope into a running transaction, as SQL injection would, and read."""
    async with database.scoped(scope) as connection:
        await connection.execute("SELECT set_config('app.scope', $1, true)", forged)
        rows: list[Any] = await connection.fetch("SELECT tenant_id FROM users")
        return rows


def _signed(keys: KeyRing, scope: Scope, pid: int, at: float | None = None) -> str:
    return scope.signed(keys.scope_key, time.time() if at is None else at, pid)


@pytest.mark.parametrize(
    "garbage", ["", "|", "x", "a.b.c.d.e|00", "qg_tenant....|", "\u00e9|0", "."]
)
async def test_garbage_is_refused(database: Database, world: World, garbage: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _read_with(database, world.first.scope(), garbage)


async def test_a_scope_with_another_tenant_written_in_is_refused(
    database: Database, world: World
) -> None:
    async with database.scoped(world.first.scope()) as connection:
        own = await connection.fetchval("SELECT current_setting('app.scope')")
    forged = own.replace(str(world.first.id), str(world.sibling.id))
    assert forged != own
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="bad scope signature"):
        await _read_with(database, world.first.scope(), forged)


@pytest.mark.parametrize("place", [0, 7, 8, 31, 32, 63])
async def test_every_digit_of_the_signature_counts(
    database: Database, keys: KeyRing, world: World, place: int
) -> None:
    async with database.scoped(world.first.scope()) as connection:
        signed, _, mac = _signed(keys, world.first.scope(), connection.get_server_pid()).rpartition(
            "|"
        )
        altered = f"{mac[:place]}{int(mac[place], 16) ^ 1:x}{mac[place + 1 :]}"
        await connection.execute("SAVEPOINT before")
        await connection.execute("SELECT set_config('app.scope', $1, true)", f"{signed}|{altered}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="bad scope signature"):
            await connection.fetch("SELECT FROM users")
        await connection.execute("ROLLBACK TO before")


async def test_a_scope_signed_with_another_key_is_refused(database: Database, world: World) -> None:
    forged = world.sibling.scope().signed(bytes(32), time.time(), 1)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="bad scope signature"):
        await _read_with(database, world.first.scope(), forged)


async def test_an_expired_scope_is_refused(database: Database, keys: KeyRing, world: World) -> None:
    async with database.scoped(world.first.scope()) as connection:
        past = time.time() - SCOPE_SECONDS - 2
        old = _signed(keys, world.first.scope(), connection.get_server_pid(), past)
        await connection.execute("SAVEPOINT before")
        await connection.execute("SELECT set_config('app.scope', $1, true)", old)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="scope expired"):
            await connection.fetch("SELECT FROM users")
        await connection.execute("ROLLBACK TO before")


async def test_a_scope_expires_within_a_long_transaction_too(
    database: Database, keys: KeyRing, world: World
) -> None:
    """`now()` stands still in a transaction; the wall clock does not."""
    async with database.scoped(world.first.scope()) as connection:
        almost = _signed(
            keys, world.first.scope(), connection.get_server_pid(), time.time() - SCOPE_SECONDS + 1
        )
        await connection.execute("SELECT set_config('app.scope', $1, true)", almost)
        await connection.fetch("SELECT FROM users")
        await connection.execute("SELECT pg_sleep(2.1)")
        await connection.execute("SAVEPOINT before")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="scope expired"):
            await connection.fetch("SELECT FROM users")
        await connection.execute("ROLLBACK TO before")


OPENERS = {
    "qg_tenant": DatabaseRole.TENANT,
    "qg_tenant_msp": DatabaseRole.TENANT,
    "qg_msp": DatabaseRole.MSP,
    "qg_signing_in": DatabaseRole.SIGN_IN,
    "qg_relaying": DatabaseRole.RELAY,
    "qg_ingesting": DatabaseRole.INGEST,
    "qg_scope": DatabaseRole.TENANT,
    "qg_writing": DatabaseRole.TENANT,
    "qg_admin": DatabaseRole.ADMIN,
    "qg_admin_msp": DatabaseRole.ADMIN,
    "qg_admin_writing": DatabaseRole.ADMIN,
    "qg_platform": DatabaseRole.PLATFORM,
    "qg_msp_hidden": DatabaseRole.MSP,
    "qg_msp_unassigned": DatabaseRole.MSP,
}


@pytest.mark.parametrize("function", OPENERS)
async def test_each_scope_function_takes_the_scope_of_its_own_role_only(
    owner: "Connection[Any]", keys: KeyRing, world: World, function: str
) -> None:
    """Two of them guard a tenant's rows together, so each must hold by itself."""
    opened, refusals = set(), set()
    for role in DatabaseRole:
        scope = Scope(role, world.first.id, world.first.msp_id)
        async with owner.transaction():
            signed = _signed(keys, scope, owner.get_server_pid())
            await owner.execute("SELECT set_config('app.scope', $1, true)", signed)
            try:
                async with owner.transaction():
                    await owner.fetchval(f"SELECT {function}()")
                opened.add(role)
            except asyncpg.InsufficientPrivilegeError as refused:
                refusals.add(str(refused))
    assert opened == {OPENERS[function]}
    assert refusals == {"scope of another role"}


async def test_a_true_scope_of_another_connection_is_refused(
    database: Database, keys: KeyRing, world: World
) -> None:
    async with database.scoped(world.sibling.scope()) as elsewhere:
        true_elsewhere = _signed(keys, world.sibling.scope(), elsewhere.get_server_pid())
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="another connection"):
            await _read_with(database, world.first.scope(), true_elsewhere)


async def test_scopes_of_others_read_from_the_activity_view_open_nothing(
    database: Database, world: World
) -> None:
    """RESET ROLE lets an injected query see the login's other connections, scopes included."""
    async with (
        database.scoped(world.stranger.scope()),
        database.scoped(world.first.scope()) as attacker,
    ):
        await attacker.execute("RESET ROLE")
        stolen = await attacker.fetchval(
            "SELECT substring(query FROM 'qg_tenant[.][^'']*') FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'",
            str(world.stranger.id),
        )
        assert stolen, "the control: the activity view does show it"
        await attacker.execute("SAVEPOINT before")
        await attacker.execute("SET LOCAL ROLE qg_tenant")
        await attacker.execute("SELECT set_config('app.scope', $1, true)", stolen)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="another connection"):
            await attacker.fetch("SELECT FROM users")
        await attacker.execute("ROLLBACK TO before")


@pytest.mark.parametrize("taken", DatabaseRole)
@pytest.mark.parametrize("given", DatabaseRole)
async def test_a_scope_of_one_role_opens_nothing_as_another(
    database: Database, world: World, given: DatabaseRole, taken: DatabaseRole
) -> None:
    if given is taken:
        return
    scope = Scope(given, world.first.id, world.first.msp_id)
    readable = "policies" if taken is DatabaseRole.RELAY else "users"
    query = (
        "SELECT * FROM qg_record('[]', '{}')"
        if taken is DatabaseRole.INGEST
        else f"SELECT tenant_id FROM {readable}"
    )
    async with database.scoped(scope) as connection:
        await connection.execute("SAVEPOINT before")
        await connection.execute(f"SET LOCAL ROLE {taken}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="scope of another role"):
            await connection.fetch(query)
        await connection.execute("ROLLBACK TO before")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM qg_private.scope_key",
        "SELECT qg_private.verified('qg_tenant')",
        "SELECT qg_private.ensure_partitions()",
        "SELECT * FROM qg_record('[]', '{}')",
        "ALTER FUNCTION qg_tenant() SECURITY INVOKER",
        "CREATE VIEW seen AS SELECT * FROM users",
        "CREATE TEMPORARY TABLE users (tenant_id uuid)",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT rolpassword FROM pg_authid",
        "ALTER ROLE qg_app SUPERUSER",
        "GRANT qg_owner TO qg_tenant",
        "SET LOCAL session_replication_role = replica",
    ],
)
async def test_a_tenant_cannot_get_behind_the_guards(
    database: Database, world: World, query: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.scoped(world.first.scope()) as connection:
            await connection.execute(query)


async def test_another_msps_client_yields_nothing(database: Database, world: World) -> None:
    """The tenant is right and truly signed, but the MSP is not its own."""
    async with database.scoped(Scope.tenant(world.first.id, world.stranger.msp_id)) as connection:
        assert await connection.fetchval("SELECT count(*) FROM users") == 0
        assert await connection.fetchval("SELECT count(*) FROM clients") == 0


async def test_recording_for_a_client_of_another_msp_is_refused(
    database: Database, world: World
) -> None:
    query = (
        "SELECT * FROM qg_record(jsonb_build_array(jsonb_build_object("
        "'tenant_id', $1::uuid, 'msp_id', $2::uuid)), '{}')"
    )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with database.scoped(Scope.ingest()) as connection:
            await connection.fetch(query, world.first.id, world.stranger.msp_id)
