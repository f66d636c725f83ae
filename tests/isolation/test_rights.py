"""The database grants, guards and holds exactly what is written down by hand, and nothing more."""

import re
from typing import Any

import pytest
from asyncpg import Connection

from tests.isolation import rights

OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
NAMED = "CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname"
PARTITION = re.compile(r"client_audit_logs_20\d\d_\d\d")
ROLE = "CASE a.grantee WHEN 0 THEN 'everybody' ELSE a.grantee::regrole::text END"
GRANTED = f"""
SELECT {ROLE} AS role, {NAMED} AS what, a.privilege_type AS right, NULL AS part
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
WHERE {OURS} AND a.grantee <> c.relowner
UNION ALL
SELECT {ROLE}, {NAMED}, a.privilege_type, t.attname
FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(t.attacl) a WHERE {OURS}
UNION ALL
SELECT {ROLE}, p.oid::regprocedure::text, a.privilege_type, NULL
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
WHERE {OURS} AND a.grantee <> p.proowner
UNION ALL
SELECT {ROLE}, 'schema ' || n.nspname, a.privilege_type, NULL
FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
WHERE {OURS} AND a.grantee <> n.nspowner
UNION ALL
SELECT {ROLE}, 'database', a.privilege_type, NULL
FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
WHERE d.datname = current_database() AND a.grantee <> d.datdba
"""
# Whatever else could carry a right or code, by catalogue: there is none of it.
NOTHING_OF = (
    "pg_default_acl", "pg_parameter_acl", "pg_event_trigger", "pg_foreign_server",
    "pg_foreign_data_wrapper", "pg_publication", "pg_largeobject_metadata", "pg_db_role_setting",
    "pg_seclabel", "pg_shseclabel",
)  # fmt: skip
Right = tuple[str, str, str, str | None]


def written_down() -> set[Right]:
    """Take the table apart: `SELECT UPDATE(a b)` is three rights."""
    found: set[Right] = set()
    for role, things in rights.GRANTS.items():
        for what, words in things.items():
            for right, columns in re.findall(r"([A-Z]+)(?:\(([^)]*)\))?", words):
                found |= {(role, what, right, part) for part in columns.split() or [None]}
    return found


async def test_every_right_iswritten_down_and_every_written_one_is_there(
    owner: "Connection[Any]",
) -> None:
    there = {tuple(row) for row in await owner.fetch(GRANTED)}
    assert there - written_down() == set()
    assert written_down() - there == set()


async def test_every_policy_iswritten_down_and_every_written_one_is_there(
    owner: "Connection[Any]",
) -> None:
    rows = await owner.fetch(
        "SELECT tablename, array_to_string(roles, ', ') AS roles, cmd, qual, with_check, permissive"
        " FROM pg_policies ORDER BY 1"
    )
    there: dict[str, set[rights.Policy]] = {}
    for row in rows:
        assert row["permissive"] == "PERMISSIVE"
        policy = (row["roles"], row["cmd"], row["qual"], row["with_check"])
        there.setdefault(row["tablename"], set()).add(policy)
    months = {name: there.pop(name) for name in tuple(there) if PARTITION.fullmatch(name)}
    assert there == rights.POLICIES
    assert all(policies == {rights.OWNER_ALL} for policies in months.values())


async def test_every_relation_in_any_schema_iswritten_down(owner: "Connection[Any]") -> None:
    """A table, view, sequence or schema that nobody thought through here fails."""
    rows = await owner.fetch(
        f"SELECT {NAMED} AS name, c.relkind::text, c.relowner::regrole::text FROM pg_class c"
        f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND c.relkind <> 'i'"
        " AND c.relkind <> 'I' AND c.relkind <> 't'"
    )
    there = {row["name"] for row in rows if not PARTITION.fullmatch(row["name"])}
    assert there == rights.RELATIONS
    assert {row["relkind"] for row in rows} == {"r", "p", "S"}
    owners = {row["relowner"] for row in rows if not row["name"].startswith("aerich")}
    assert owners == {"qg_owner"}
    schemas = await owner.fetch(f"SELECT n.nspname FROM pg_namespace n WHERE {OURS} ORDER BY 1")
    assert [row[0] for row in schemas] == ["public", "qg_private"]


async def test_every_function_iswritten_down(owner: "Connection[Any]") -> None:
    rows = await owner.fetch(
        "SELECT p.oid::regprocedure::text AS name, p.proowner::regrole::text AS owner,"
        " CASE p.provolatile WHEN 's' THEN 'stable' WHEN 'v' THEN 'volatile' ELSE 'immutable' END,"
        " CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END, p.proconfig"
        f" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {OURS}"
    )
    assert {row[0]: tuple(row)[1:4] for row in rows} == rights.FUNCTIONS
    paths = {row["name"]: (row["proconfig"] or [""])[0] for row in rows}
    loose = {name for name, path in paths.items() if "search_path=pg_catalog" not in path}
    # Nobody but functions that run as the owner, with a fixed path, may call these.
    assert loose == rights.CALLED_WITHIN


async def test_every_foreign_key_iswritten_down(owner: "Connection[Any]") -> None:
    rows = await owner.fetch(
        "SELECT k.conrelid::regclass::text || ' ' || pg_get_constraintdef(k.oid)"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
        " WHERE k.contype = 'f' AND NOT c.relispartition"
    )
    there = {
        re.sub(r" FOREIGN KEY (\(.*?\)) REFERENCES (\w+)(\(.*?\))", r" \1 -> \2 \3", row[0])
        for row in rows
    }
    assert there == rights.FOREIGN_KEYS


async def test_no_role_of_ours_is_strong_or_a_member_of_another(owner: "Connection[Any]") -> None:
    """`qg_app` takes seven roles; nobody else takes any, and none takes PostgreSQL's own."""
    rows = await owner.fetch(
        "SELECT rolname, rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolreplication"
        " OR rolbypassrls AS is_strong, rolcanlogin FROM pg_roles WHERE rolname LIKE 'qg\\_%'"
    )
    assert {row["rolname"] for row in rows} == (rights.GRANTS.keys() - {"everybody"})
    assert [row["rolname"] for row in rows if row["is_strong"]] == []
    assert [row["rolname"] for row in rows if row["rolcanlogin"]] == ["qg_app"]
    memberships = await owner.fetch(
        "SELECT roleid::regrole::text AS role, member::regrole::text AS member"
        " FROM pg_auth_members WHERE member::regrole::text LIKE 'qg\\_%' ORDER BY 1"
    )
    assert [(row["role"], row["member"]) for row in memberships] == [
        (role, "qg_app")
        for role in (
            "qg_admin",
            "qg_ingest",
            "qg_msp",
            "qg_platform",
            "qg_relay",
            "qg_sign_in",
            "qg_tenant",
        )
    ]


@pytest.mark.parametrize("catalogue", NOTHING_OF)
async def test_nothing_else_carries_a_right(owner: "Connection[Any]", catalogue: str) -> None:
    assert await owner.fetchval(f"SELECT count(*) FROM {catalogue}") == 0


async def test_no_rule_rewrites_and_no_extension_brings_functions(owner: "Connection[Any]") -> None:
    assert await owner.fetchval("SELECT array_agg(extname::text) FROM pg_extension") == ["plpgsql"]
    rules = await owner.fetch(
        "SELECT r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
        f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}"
    )
    assert rules == []
