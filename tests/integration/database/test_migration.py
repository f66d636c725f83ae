"""Migrations: whole from the files alone, equal to the models, harmless to repeat."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from asyncpg import Connection
from tortoise import Tortoise

from backend.core.database import Database
from backend.core.errors import ConfigurationError
from backend.core.postgres import EmbeddedPostgres
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE, MIGRATIONS, Migration
from tests.factories import make_world

MASTER = bytes(32)
ALL = str(len(list((MIGRATIONS / "models").glob("[0-9]*.py"))))
PROGRAM = """
import asyncio, sys
from backend.core.errors import ConfigurationError
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import Migration
keys = KeyRing.from_master(bytes(32))
try:
    print(len(asyncio.run(Migration(DatabaseUrl.parse(sys.argv[1]), keys).apply()).applied))
except ConfigurationError as error:
    print(error)
"""


async def migrate(url: DatabaseUrl) -> str:
    """Migrate in a process of its own, as an operator does; return what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, url.text(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=MIGRATIONS.parent,
    )  # fmt: skip
    said, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    return said.decode().strip()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server() -> AsyncIterator[DatabaseUrl]:
    """Start a cluster of its own: roles and passwords belong to a whole cluster."""
    with tempfile.TemporaryDirectory(prefix="qg-mig-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        postgres = EmbeddedPostgres(Path(made) / "data")
        yield await postgres.start()
        await postgres.stop()


async def new_database(server: DatabaseUrl, name: str) -> DatabaseUrl:
    connection = await asyncpg.connect(server.text())
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return DatabaseUrl(server.user, server.password, server.host, server.port, name)


async def test_a_fresh_database_is_migrated_once_and_then_up_to_date(server: DatabaseUrl) -> None:
    url = await new_database(server, "fresh")
    assert await migrate(url) == ALL
    assert await migrate(url) == "0"


async def test_starts_at_the_same_moment_do_not_race(server: DatabaseUrl) -> None:
    url = await new_database(server, "raced")
    answers = await asyncio.gather(*[migrate(url) for _ in range(3)])
    assert sorted(answers) == ["0", "0", ALL]


async def test_two_databases_of_one_cluster_migrate_at_the_same_moment(server: DatabaseUrl) -> None:
    urls = [await new_database(server, name) for name in ("left_one", "right_one")]
    assert await asyncio.gather(*[migrate(url) for url in urls]) == [ALL, ALL]


async def test_aerich_finds_no_change_between_models_and_files(tmp_path: Path) -> None:
    for name in ("migrations", "backend", "pyproject.toml"):
        (tmp_path / name).symlink_to(MIGRATIONS.parent / name)
    before = set(MIGRATIONS.rglob("*.py"))
    program = Path(sys.executable).with_name("aerich")
    done = await asyncio.to_thread(
        subprocess.run,
        [str(program), "migrate", "--offline", "--no-input", "--name", "probe"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    fresh = set(MIGRATIONS.rglob("*.py")) - before
    for file in fresh:
        file.unlink()
    assert "No changes detected" in done.stdout + done.stderr
    assert not fresh


async def test_every_field_of_a_model_is_a_column_and_every_column_a_field(
    database: Database, owner: "Connection[Any]"
) -> None:
    assert database
    rows = await owner.fetch(
        "SELECT table_name, column_name, is_nullable = 'YES' AS is_null"
        " FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name NOT LIKE 'client_audit_logs\\_%' AND table_name <> 'aerich'"
    )
    there = {(row["table_name"], row["column_name"]): row["is_null"] for row in rows}
    metas = [model._meta for model in Tortoise.apps["models"].values()]  # noqa: SLF001 -- Tortoise's
    wanted = {
        (meta.db_table, field.source_field or name): field.null
        for meta in metas
        for name, field in meta.fields_map.items()
    }
    assert there == wanted


async def test_migrations_are_one_chain() -> None:
    numbers = [int(p.name.split("_")[0]) for p in (MIGRATIONS / "models").glob("[0-9]*.py")]
    assert sorted(numbers) == list(range(len(numbers)))


async def test_an_owner_who_is_no_superuser_suffices(server: DatabaseUrl) -> None:
    """As on a managed server: CREATEROLE and a database of its own, nothing more."""
    url = await new_database(server, "managed")
    owner = await asyncpg.connect(url.text())
    await owner.execute("CREATE ROLE manager LOGIN CREATEROLE CREATEDB PASSWORD 'made-up'")
    await owner.execute("ALTER DATABASE managed OWNER TO manager")
    roles = await owner.fetch("SELECT rolname FROM pg_roles WHERE rolname LIKE 'qg\\_%'")
    for (role,) in roles:  # made by the tests before; a new server has none
        await owner.execute(f"GRANT {role} TO manager WITH ADMIN TRUE")
    assert await migrate(url.login("manager", "made-up")) == ALL
    world = await make_world(owner)
    await owner.close()
    password = KeyRing.from_master(MASTER).database_password
    app = await asyncpg.connect(url.login(LOGIN_ROLE, password).text())
    signed = world.first.scope().signed(
        KeyRing.from_master(MASTER).scope_key, time.time(), app.get_server_pid()
    )
    async with app.transaction():
        await app.execute("SET LOCAL ROLE qg_tenant")
        await app.execute("SELECT set_config('app.scope', $1, true)", signed)
        assert await app.fetchval("SELECT count(*) FROM users") == 1
    await app.close()


async def test_a_login_too_weak_to_migrate_is_told_what_it_lacks(
    owner_url: DatabaseUrl, keys: KeyRing
) -> None:
    weak = owner_url.login(LOGIN_ROLE, keys.database_password)
    with pytest.raises(ConfigurationError, match="may not create roles"):
        await Migration(weak, keys).apply()


async def test_a_server_that_is_away_is_named_without_its_password(keys: KeyRing) -> None:
    away = DatabaseUrl("owner", "never-shown", "127.0.0.1", 1, "quillgate")
    with pytest.raises(ConfigurationError, match=r"127\.0\.0\.1:1") as refused:
        await Migration(away, keys).apply()
    assert "never-shown" not in str(refused.value)


async def test_a_database_of_a_newer_quillgate_is_left_alone(server: DatabaseUrl) -> None:
    url = await new_database(server, "newer")
    await migrate(url)
    connection = await asyncpg.connect(url.text())
    await connection.execute(
        "INSERT INTO aerich (version, app, content) VALUES ('99_of_tomorrow.py', 'models', '{}')"
    )
    await connection.close()
    assert "newer Quillgate" in await migrate(url)
