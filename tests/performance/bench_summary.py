"""The dashboard with 100 clients and 1,000,000 audit rows, beside counting on the fly.

Target: `GET /api/v1/msp/summary` in 10 ms (p50).
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import asyncpg
from asyncpg import Connection

from backend.commands.listening import run
from backend.core.clock import SystemClock
from backend.core.database import Database
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.policy.policy import document_etag, written
from backend.services.msp_summary import MspSummary
from backend.services.shared_data import template
from tests.performance.databases import migrated
from tests.performance.served import Bench

CLIENTS = 100
ROWS = 1_000_000
SEATS = 50
DAYS = 90
ROUNDS, WARM = 200, 6
# One more prompt of each client on such a day: nothing that is kept of it holds.
CHANGE = "UPDATE client_days SET prompts = prompts + 1 WHERE day = current_date - $1::int"
CHANGES = {"all clients busy": 0, "all clients' past changed": 3}
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
ON_THE_FLY = """
SELECT c.tenant_id, count(*) FILTER (WHERE l.entry_kind = 'verdict'),
    count(*) FILTER (WHERE l.action <> 'allow'), count(DISTINCT l.user_id)
FROM clients c LEFT JOIN client_audit_logs l ON l.tenant_id = c.tenant_id
    AND l.recorded_at >= now() - interval '30 days'
GROUP BY 1
"""
LOGS = """
INSERT INTO client_audit_logs (tenant_id, recorded_at, sequence, msp_id, event_id, submission_id,
    entry_kind, user_id, ai_service_id, service_host, channel, size, action, disposition, kinds,
    rule_ids, policy_version, rulebook_version, engine, occurred_at, late, header)
SELECT $1::uuid, at, n, $2::uuid, gen_random_uuid(), gen_random_uuid(), 'verdict',
    ($3::uuid[])[1 + (n * 7919) % array_length($3::uuid[], 1)], 'chatgpt', 'chatgpt.com', 'typed',
    120, action, CASE action WHEN 'allow' THEN 'sent' WHEN 'flag' THEN 'sent_unflagged'
        WHEN 'warn' THEN (ARRAY['redacted_sent', 'justified_sent', 'abandoned'])[1 + n % 3]
        ELSE (ARRAY['prevented', 'redacted_sent'])[1 + n % 2] END,
    CASE action WHEN 'allow' THEN '{}' WHEN 'block' THEN '{"US_SSN": 1}'
        ELSE '{"EMAIL_ADDRESS": 1}' END::jsonb,
    '{}', 1, 'v', 'extension', at, false, ''
FROM (
    SELECT n, now() - make_interval(secs => (n::float8 / $4) * $5 * 86400) AS at,
        CASE n % 25 WHEN 0 THEN 'block' WHEN 8 THEN 'warn' WHEN 16 THEN 'flag' ELSE 'allow'
        END AS action
    FROM generate_series(1, $4::int) AS n
) AS made
"""
VIOLATIONS = """
INSERT INTO client_policy_violations (tenant_id, id, msp_id, sequence, user_id, ai_service_id,
    service_host, channel, action, severity, kinds, disposition, policy_version, occurred_at,
    recorded_at, confidence_ppm)
SELECT tenant_id, submission_id, msp_id, sequence, user_id, ai_service_id, service_host, channel,
    action, (ARRAY['low', 'medium', 'high', 'critical'])[1 + sequence % 4], kinds, disposition, 1,
    occurred_at, recorded_at, 900000
FROM client_audit_logs WHERE action <> 'allow'
"""


async def fill(owner: "Connection[Any]") -> Principal:
    """Write one MSP with its clients, people, browsers and ninety days of audit."""
    msp_id, admin = uuid7(), uuid7()
    put = owner.execute
    await put("SET session_replication_role = replica")  # no trigger, no foreign key: then counted
    await put("INSERT INTO msps (msp_id, name, slug) VALUES ($1, 'Harbor', 'harbor')", msp_id)
    await put(
        "INSERT INTO users (tenant_id, id, msp_id, email, display_name, role)"
        " VALUES ($1, $2, $1, 'a@example.org', 'Mia', 'msp_admin')",
        msp_id, admin,
    )  # fmt: skip
    document = written(template("hipaa").policy.document())
    for number in range(CLIENTS):
        client, policy = uuid7(), uuid7()
        people = [uuid7() for _ in range(SEATS)]
        await put(
            "INSERT INTO clients (tenant_id, msp_id, name, slug, seats)"
            " VALUES ($1, $2, $3, $3, $4)",
            client, msp_id, f"Client {number:03}", SEATS,
        )  # fmt: skip
        await put(
            "INSERT INTO policies (tenant_id, id, msp_id, name, template, current_version,"
            " updated_at) VALUES ($1, $2, $3, 'HIPAA', 'hipaa', 1, now())",
            client, policy, msp_id,
        )  # fmt: skip
        await put(
            "INSERT INTO policy_versions (tenant_id, policy_id, version, msp_id, document, etag,"
            " reason) VALUES ($1, $2, 1, $3, $4, $5, 'Start')",
            client, policy, msp_id, document, document_etag(document, 1),
        )  # fmt: skip
        await put(
            "INSERT INTO devices (tenant_id, id, msp_id, user_id, name, browser,"
            " extension_version, enrolled_at, last_seen_at, policy_version)"
            " SELECT $1, gen_random_uuid(), $2, u, 'Desk', 'Chromium', '0.1.0', now(), now(), 1"
            " FROM unnest($3::uuid[]) AS u",
            client, msp_id, people,
        )  # fmt: skip
        await put(LOGS, client, msp_id, people, ROWS // CLIENTS, DAYS)
    await put("INSERT INTO past_changes (tenant_id, msp_id) SELECT tenant_id, msp_id FROM clients")
    await put(VIOLATIONS)
    await put("SET session_replication_role = origin")
    return Principal("user", admin, None, msp_id, msp_id, None, Role.MSP_ADMIN, uuid7())


async def measure() -> None:
    """Start a server of our own, fill it, ask again and again, print the times."""
    async with migrated() as made:
        owner = await asyncpg.connect(made.url.text())
        principal = await fill(owner)
        began = time.perf_counter()
        await owner.execute("SELECT qg_private.count_anew()")
        print(f"counting {ROWS:,} rows anew: {time.perf_counter() - began:.1f} s", flush=True)
        await owner.execute("VACUUM ANALYZE")
        await of_the_service(Database(made.login, made.keys.scope_key, 2), owner, principal)
        bench = Bench(made.login, made.master, (), made.url.text())
        await over_http(bench, owner, principal)
        await owner.close()


async def of_the_service(
    database: Database, owner: "Connection[Any]", principal: Principal
) -> None:
    """Print what the service takes, and what counting three of its figures on the fly does."""
    await database.open()
    summary = MspSummary(database, SystemClock())
    found = await summary.of(principal)
    rows = (len(found.clients), found.totals.prompts_30d, found.totals.violations)
    print(f"{rows[0]} clients, {rows[1]:,} prompts and {rows[2]:,} violations in 30 days")

    async def ask() -> None:
        await summary.of(principal)

    async with database.scoped(Scope.msp(principal.msp_id)) as connection:
        await told("yardstick: three figures on the fly", lambda: connection.fetch(ON_THE_FLY), 9)
    await told("service, nothing changed", ask)
    for name, days in CHANGES.items():
        await told(f"service, {name}", ask, before=partial(owner.execute, CHANGE, days))
    await database.close()


async def over_http(served: Bench, owner: "Connection[Any]", principal: Principal) -> None:
    """Print what a caller waits for, beside the smallest answer of the same server."""
    keys = KeyRing.from_master(served.master)
    token = AccessTokens(keys.access_tokens).issue(principal, datetime.now(UTC))
    async with served.server() as (port, _):
        streams = await asyncio.open_connection("127.0.0.1", port)

        def asking(path: str) -> Callable[[], Awaitable[None]]:
            return lambda: _ask(streams, path, token)

        ask = asking("/api/v1/msp/summary")
        await told("yardstick: GET /health/live", asking("/health/live"))
        await told("GET /api/v1/msp/summary, nothing changed", ask)
        for name, days in CHANGES.items():
            before = lambda days=days: owner.execute(CHANGE, days)  # noqa: E731
            await told(f"GET /api/v1/msp/summary, {name}", ask, before=before)
        streams[1].close()


async def _ask(streams: Streams, path: str, token: str) -> None:
    reader, writer = streams
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))


async def told(
    name: str,
    ask: Callable[[], Awaitable[Any]],
    rounds: int = ROUNDS,
    before: Callable[[], Awaitable[Any]] | None = None,
) -> None:
    """Ask again and again; print the times."""
    took = []
    for number in range(WARM + rounds):
        if before is not None:
            await before()
        began = time.perf_counter()
        await ask()
        if number >= WARM:
            took.append(1000 * (time.perf_counter() - began))
    cuts = statistics.quantiles(took, n=100)
    print(f"  {name:58} p50 {cuts[49]:6.1f} ms   p99 {cuts[98]:6.1f} ms", flush=True)


def main() -> None:
    """Print the table."""
    run(measure())


if __name__ == "__main__":
    main()
