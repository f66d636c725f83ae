"""Every policy and every grant is needed: broken in any of these ways, a check notices.

The mutants live in the owner's transaction and are undone with it; nothing else sees them.
"""

import re
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID

import pytest_asyncio
from asyncpg import Connection

from backend.core.identifiers import uuid7
from backend.core.signing import KeyRing
from tests.factories import World, insert
from tests.isolation.probes import Probing, complaints
from tests.isolation.test_rights import GRANTED, PARTITION, written_down

# Children of the audit log: no role of the server may touch them by name (test_catalogue), so
# their policies decide nothing; that they are as written is test_rights' to say.
CHILDREN = "client_audit_logs_other"


class Policy(NamedTuple):
    """One policy as the catalogue has it."""

    table: str
    name: str
    role: str
    command: str
    using: str | None
    check: str | None

    @property
    def writes(self) -> bool:
        """Whether it lets the role write."""
        return self.command != "SELECT"

    def sql(self, command: str, using: str | None, check: str | None) -> str:
        """Return the statements that put another policy in its place."""
        made = f"CREATE POLICY {self.name} ON {self.table} FOR {command} TO {self.role}"
        made += f" USING ({using})" if using else ""
        made += f" WITH CHECK ({check})" if check and command != "SELECT" else ""
        return f"{self.dropped()}; {made}"

    def dropped(self) -> str:
        """Return the statement that takes it away."""
        return f"DROP POLICY {self.name} ON {self.table}"


def conjuncts(rule: str) -> list[str]:
    """Return the parts of a rule that are joined by AND, each in its brackets."""
    inner, depth, parts, start = rule[1:-1], 0, [], 0
    for place, letter in enumerate(inner):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and inner.startswith(" AND ", place):
            parts.append(inner[start:place])
            start = place + len(" AND ")
    return [*parts, inner[start:]] if parts else []


# Reading and writing ask the same question, which raises: one of them suffices, none does not.
EQUIVALENT = {
    ("outbox", "relay_marks", "sees everything"), ("outbox", "relay_marks", "writes everything"),
    ("mails", "relay_marks", "sees everything"), ("mails", "relay_marks", "writes everything"),
    ("users", "sign_in_writes", "sees everything"),
    ("users", "sign_in_writes", "writes everything"),
}  # fmt: skip
WEAKER = (
    ("qg_msp_hidden", "qg_msp_unassigned"), ("qg_writing", "qg_tenant"),
    ("qg_admin_writing", "qg_admin"),
)  # fmt: skip


def mutants(policy: Policy) -> dict[str, str]:
    """Return the ways to break a policy, by name, as SQL."""
    command, using, check = policy.command, policy.using, policy.check
    made = {"dropped": policy.dropped()}
    if policy.role == "qg_owner":
        return made
    if using != "true":
        made["sees everything"] = policy.sql(command, "true", check)
    if check:
        made["writes everything"] = policy.sql(command, using, "true")
        made["sees and writes everything"] = policy.sql(command, "true", "true")
    if not policy.writes:
        made["writes too"] = policy.sql("ALL", using, using)
    for place, rule in (("using", using), ("check", check)):
        parts = conjuncts(rule or "")
        for left_out in range(len(parts)):
            rest = " AND ".join(part for number, part in enumerate(parts) if number != left_out)
            rules = (rest, check) if place == "using" else (using, rest)
            made[f"{place} without {parts[left_out][:40]}"] = policy.sql(command, *rules)
    for strict, mild in WEAKER:
        for place, rule in (("using", using), ("check", check)):
            if re.search(rf"\b{strict}\b", rule or ""):
                milder = re.sub(rf"\b{strict}\b", mild, rule or "")
                rules = (milder, check) if place == "using" else (using, milder)
                made[f"{place} with {mild} for {strict}"] = policy.sql(command, *rules)
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def policies(owner: "Connection[Any]") -> list[Policy]:
    rows = await owner.fetch(
        "SELECT tablename, policyname, unnest(roles)::text, cmd, qual, with_check FROM pg_policies"
    )
    found = [Policy(*row) for row in rows]
    return [p for p in found if not PARTITION.fullmatch(p.table) and p.table != CHILDREN]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def admin_id(owner: "Connection[Any]", world: World) -> AsyncIterator[UUID]:
    admin, msp_id = uuid7(), world.first.msp_id
    await insert(
        owner, "users", tenant_id=msp_id, msp_id=msp_id, id=admin, role="msp_admin",
        email=f"{admin}@example.org", display_name="Mia Msp",
    )  # fmt: skip
    yield admin
    await owner.execute("UPDATE users SET status = 'archived' WHERE id = $1", admin)


async def found_wrong(
    owner: "Connection[Any]", keys: KeyRing, world: World, admin_id: UUID, policy: Policy, sql: str
) -> list[str]:
    """Return what the probes say about a table once `sql` has been run; all is undone."""
    transaction = owner.transaction()
    await transaction.start()
    try:
        if sql:
            await owner.execute(sql)
        await owner.execute(f"GRANT ALL ON {policy.table} TO {policy.role}")
        for function, role in (("qg_msp_unassigned", "qg_msp"),):
            await owner.execute(f"GRANT EXECUTE ON FUNCTION {function}() TO {role}")
        column = "msp_id" if policy.table == "msps" else "tenant_id"
        probing = Probing(owner, keys.scope_key, world, admin_id, policy.table, policy.role, column)
        if policy.table in {"ai_services", "compliance_frameworks"}:
            return await shared_complaints(probing)
        return await complaints(probing, writes=policy.writes)
    finally:
        await transaction.rollback()


async def shared_complaints(probing: Probing) -> list[str]:
    """Return what is wrong with a table that all tenants read and none writes."""
    scope = (
        probing.world.first.scope() if probing.role == "qg_tenant"
        else probing_scope(probing)
    )  # fmt: skip

    async def count(connection: "Connection[Any]") -> int:
        return int(await connection.fetchval(f"SELECT count(*) FROM {probing.table}"))

    async def change(connection: "Connection[Any]") -> int:
        answer = await connection.execute(f"UPDATE {probing.table} SET name = name")
        return int(answer.split()[-1])

    wrong = [] if await probing.within(scope, count) else ["not read by all"]
    if probing.role == "qg_owner":
        return wrong
    return wrong if await probing.within(scope, change) == 0 else [*wrong, "written by all"]


def probing_scope(probing: Probing) -> Any:
    """Return a scope of the role."""
    from backend.core.scope import DatabaseRole, Scope

    known = {role.value for role in DatabaseRole}
    role = DatabaseRole(probing.role) if probing.role in known else DatabaseRole.RELAY
    return Scope(role, probing.world.first.id, probing.world.first.msp_id)


async def test_the_probes_find_nothing_wrong_with_the_policies_as_they_are(
    owner: "Connection[Any]", keys: KeyRing, world: World, admin_id: UUID, policies: list[Policy]
) -> None:
    await a_framework(owner)
    wrong = {}
    for policy in policies:
        said = await found_wrong(owner, keys, world, admin_id, policy, "")
        # Two policies of one role on one table are probed together by the one that writes.
        rivals = [p for p in policies if (p.table, p.role) == (policy.table, policy.role)]
        if said and (policy.writes or len(rivals) == 1):
            wrong[policy.table, policy.name] = said
    assert wrong == {}


async def a_framework(owner: "Connection[Any]") -> None:
    await owner.execute(
        "INSERT INTO compliance_frameworks (id, name, version, source)"
        " VALUES ('probe', 'Probe', '1', 'test') ON CONFLICT DO NOTHING"
    )


async def test_every_mutant_of_every_policy_is_noticed(
    owner: "Connection[Any]", keys: KeyRing, world: World, admin_id: UUID, policies: list[Policy]
) -> None:
    await a_framework(owner)
    survivors, count = [], 0
    for policy in policies:
        for name, sql in mutants(policy).items():
            count += 1
            if not await found_wrong(owner, keys, world, admin_id, policy, sql):
                survivors.append((policy.table, policy.name, name))
    assert count > 300
    survivors = [one for one in survivors if one not in EQUIVALENT]
    assert not survivors, "\n".join(map(str, survivors))


async def test_every_grant_taken_away_or_added_is_noticed(owner: "Connection[Any]") -> None:
    tables = await owner.fetch(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
    )
    roles = ("qg_app", "qg_tenant", "qg_msp", "qg_sign_in", "qg_relay", "qg_ingest", "qg_admin",
             "qg_platform", "qg_recorder", "PUBLIC")  # fmt: skip
    expected, survivors, count = written_down(), [], 0
    for (table,) in tables:
        for role in roles:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                named = "everybody" if role == "PUBLIC" else role
                has_it = any(g[:3] == (named, table, right) for g in expected)
                verb = "REVOKE {} ON {} FROM {}" if has_it else "GRANT {} ON {} TO {}"
                transaction = owner.transaction()
                await transaction.start()
                await owner.execute(verb.format(right, table, role))
                there = {tuple(row) for row in await owner.fetch(GRANTED)}
                await transaction.rollback()
                count += 1
                if there == expected:
                    survivors.append((verb, right, table, role))
    assert count > 1000
    assert not survivors, "\n".join(map(str, survivors))
