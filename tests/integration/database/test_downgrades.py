"""Every migration but the first can be taken back: the shape is then what it was before."""

import runpy
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest_asyncio
from asyncpg import Connection

from backend.core.postgres import EmbeddedPostgres
from backend.services.migration import MIGRATIONS

FILES = sorted((MIGRATIONS / "models").glob("[0-9]*.py"), key=lambda p: int(p.name.split("_")[0]))
# Columns, functions, policies, constraints, indexes, triggers and grants; an owner's own right to
# a table may be written down or not.
SHAPE = """
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'qg_private'))
SELECT array_agg(part) FROM (
    SELECT format('column %s.%s %s %s', c.oid::regclass, a.attname, a.attnotnull,
        format_type(a.atttypid, a.atttypmod)) AS part
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace IN (TABLE ours) AND c.relkind IN ('r', 'p', 'v')
        AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT format('function %s %s %s', p.oid::regprocedure, p.proacl,
        pg_get_functiondef(p.oid))
    FROM pg_proc p WHERE p.pronamespace IN (TABLE ours) AND p.prokind = 'f'
    UNION ALL SELECT format('policy %s %s %s %s', polrelid::regclass, polname,
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy
    UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname,
        pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace IN (TABLE ours)
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT format('%s %s', tgrelid::regclass, pg_get_triggerdef(oid))
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT format('grant %s %s', c.oid::regclass, entry)
    FROM pg_class c CROSS JOIN LATERAL unnest(c.relacl) AS entry
    WHERE c.relnamespace IN (TABLE ours) AND entry::text NOT LIKE 'qg_owner=%'
) AS parts
"""


@pytest_asyncio.fixture(loop_scope="session")
async def owner() -> AsyncIterator["Connection[Any]"]:
    """Give the owner of an empty cluster."""
    with tempfile.TemporaryDirectory(prefix="qg-down-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        postgres = EmbeddedPostgres(Path(made) / "data")
        connection = await asyncpg.connect((await postgres.start()).text())
        yield connection
        await connection.close()
        await postgres.stop()


async def moved(owner: "Connection[Any]", steps: dict[str, Any], way: str) -> set[str]:
    async with owner.transaction():
        await owner.execute(await steps[way](None))
    return set(await owner.fetchval(SHAPE))


async def test_taking_a_migration_back_leaves_nothing_over_and_nothing_out(
    owner: "Connection[Any]",
) -> None:
    migrations = [runpy.run_path(str(file)) for file in FILES]
    shapes = [await moved(owner, steps, "upgrade") for steps in migrations]
    for number in range(len(FILES) - 1, 0, -1):
        now = await moved(owner, migrations[number], "downgrade")
        difference = sorted(now ^ shapes[number - 1])
        assert not difference, f"{FILES[number].name}: {difference[:3]}"
    again = [await moved(owner, steps, "upgrade") for steps in migrations[1:]]
    assert again[-1] == shapes[-1]
