"""What row-level security costs: a request's transaction in a signed scope beside a plain one.

Target: at most 1.25 times the plain one, of a request. Both transactions send BEGIN, one statement
and COMMIT over one connection; the plain one is the owner's, whom no policy binds, and names the
tenant itself.
All of it runs on one core: on several, a transaction this short takes twice as long or half, by
where the operating system puts its two ends.
"""

import os
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from backend.commands.listening import run
from backend.core.database import Database
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Acting, Scope
from backend.core.tokens import AccessTokens
from tests.factories import Tenant, insert, make_msp, make_tenant
from tests.performance.databases import Migrated, migrated
from tests.performance.served import Bench

ROUNDS, ROWS, WARM = 1500, 50_000, 100
POINT = "SELECT id, email, display_name, role, status FROM users WHERE tenant_id = $1 AND id = $2"
PAGE = """SELECT sequence, event_id, action, disposition, recorded_at FROM client_audit_logs
WHERE tenant_id = $1 ORDER BY sequence DESC LIMIT 50"""
COUNT = """SELECT action, count(*) FROM client_audit_logs WHERE tenant_id = $1 GROUP BY 1"""
Asked = Callable[[], Awaitable[Any]]


async def fill(owner: Any, tenant: Tenant) -> None:
    """Write audit entries of one client."""
    await owner.execute(
        "INSERT INTO client_audit_logs (tenant_id, recorded_at, sequence, msp_id, event_id,"
        " submission_id, entry_kind, user_id, service_host, channel, size, action, disposition,"
        " kinds, rule_ids, policy_version, rulebook_version, engine, occurred_at, late, header)"
        " SELECT $1, now() - n * interval '1 second', n + 1, $2, gen_random_uuid(),"
        " gen_random_uuid(), 'verdict', $3, 'chat.example', 'typed', 9,"
        " (ARRAY['allow','warn','block'])[1 + n % 3], 'sent', '{}', '{}', 1, 'v', 'server', now(),"
        " false, '' FROM generate_series(1, $4) AS n",
        tenant.id, tenant.msp_id, tenant.user_id, ROWS,
    )  # fmt: skip
    await owner.execute("ANALYZE")


async def staff(owner: Any, msp_id: UUID) -> UUID:
    """Write an administrator of the MSP; whether staff may enter is looked up each time."""
    made = uuid7()
    await insert(
        owner, "users", tenant_id=msp_id, msp_id=msp_id, id=made, role="msp_admin",
        email=f"{made}@example.org", display_name="Mia",
    )  # fmt: skip
    return made


async def milliseconds(asked: dict[str, Asked], rounds: int) -> dict[str, float]:
    """Return the median of each way to ask, taken in turns so that noise hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds + WARM):
        for name, ask in asked.items():
            began = time.perf_counter()
            await ask()
            if number >= WARM:
                taken[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


async def main() -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # and what is started from here
    async with migrated() as made:
        owner = await asyncpg.connect(made.url.text())
        plain = await asyncpg.create_pool(made.url.text(), min_size=1, max_size=1)
        database = Database(made.login, made.keys.scope_key, 1)
        await database.open()
        await owner.execute(
            "INSERT INTO ai_services (id, name, vendor, hosts, category, home_url, source,"
            " checked_on) VALUES ('example-chat', 'E', 'E', '{e.example}', 'a',"
            " 'https://e.example', 't', '2026-01-01')"
        )
        tenant = await make_tenant(owner, await make_msp(owner, "Harbor"), "Lakeside")
        await fill(owner, tenant)
        admin = await staff(owner, tenant.msp_id)
        prices = []
        for title, query, rounds in (
            ("one row by its key", POINT, ROUNDS), ("a page of 50", PAGE, ROUNDS),
            (f"a count over {ROWS:,} rows", COUNT, 60),
        ):  # fmt: skip
            given = (tenant.id, tenant.user_id) if query is POINT else (tenant.id,)
            ways = (plain, database)
            prices.append(await compare(title, query, given, ways, tenant, admin, rounds))
        await of_a_request(made, tenant, prices[1])
        await database.close()
        await plain.close()
        await owner.close()


async def compare(
    title: str,
    query: str,
    given: tuple[UUID, ...],
    ways: tuple[Any, Database],
    tenant: Tenant,
    admin: UUID,
    rounds: int,
) -> float:
    """Print one line: plain, scoped, and scoped with staff acting; return the client's price."""
    plain, database = ways

    async def without() -> None:
        async with plain.acquire() as connection, connection.transaction():
            await connection.fetch(query, *given)

    def scoped(scope: Scope) -> Asked:
        async def ask() -> None:
            async with database.scoped(scope) as connection:
                await connection.fetch(query, *given)

        return ask

    asked: dict[str, Asked] = {
        "plain": without,
        "client": scoped(tenant.scope()),
        "staff": scoped(tenant.scope().by(Acting.STAFF, admin)),
    }
    took = await milliseconds(asked, rounds)
    ratios = " ".join(
        f"{name} {took[name]:.3f} ms ({took[name] / took['plain']:.2f}x)" for name in took
    )
    print(f"{title:28} {ratios}", flush=True)
    return took["client"] - took["plain"]


async def of_a_request(made: Migrated, tenant: Tenant, price: float) -> None:
    """Print what a page's price is of the request that answers with such a page."""
    served = Bench(made.login, made.master, ())
    role = Role.CLIENT_ADMIN
    caller = Principal(
        "user", tenant.user_id, None, tenant.msp_id, tenant.id, tenant.id, role, uuid7()
    )
    token = AccessTokens(made.keys.access_tokens).issue(caller, datetime.now(UTC))
    path = f"/api/v1/audit/logs?client_id={tenant.id}&limit=50"
    async with (
        served.server() as (port, _),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):

        async def ask() -> None:
            (await http.get(path, headers={"Authorization": f"Bearer {token}"})).raise_for_status()

        took = (await milliseconds({"request": ask}, 200))["request"]
    ratio = took / (took - price)
    print(f"{'a request for such a page':28} {took:.3f} ms ({ratio:.2f}x without the price)")


if __name__ == "__main__":
    run(main())
