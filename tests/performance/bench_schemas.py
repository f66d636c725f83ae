"""Every operation with data made from its own description, by every role: schemathesis, all checks.

`python -m tests.performance.bench_schemas [ROLE ...] [--examples N] [--phases examples,fuzzing]`
"""

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg

from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.services.api_keys import NEVER
from tests.isolation.neighbours import Neighbours, make_neighbours
from tests.isolation.routes import CALLERS
from tests.performance.served import Bench, bench, figures

ROLES: Final = (*CALLERS, "api_key")
EXAMPLES: Final = 3
PHASES: Final = "examples,coverage,fuzzing"
SECONDS: Final = 1800
SCHEMATHESIS: Final = Path(sys.executable).with_name("schemathesis")
REFUSALS: Final = [400, 401, 403, 404, 409, 412, 413, 415, 422, 429]
CONFIGURATION: Final = f"""
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", {", ".join(f'"{status}"' for status in REFUSALS)}]
[checks.negative_data_rejection]
expected-statuses = [{", ".join(f'"{status}"' for status in REFUSALS)}]
[checks.missing_required_header]
expected-statuses = [{", ".join(f'"{status}"' for status in REFUSALS)}]
"""
_CASES: Final = re.compile(r"(\d+) generated")


class Asked(argparse.Namespace):
    """What the command line asks for."""

    roles: list[str]
    examples: int
    phases: str


async def _key(owner: Any, who: Principal) -> str:
    """Return an API key of somebody that holds all a key may hold."""
    secret = "s" * 43
    import hashlib

    prefix = uuid7().hex[-12:]
    scopes = sorted(who.permissions - NEVER)
    await owner.execute(
        "INSERT INTO api_keys (tenant_id, id, msp_id, user_id, name, prefix, secret_hash, scopes,"
        " expires_at) VALUES ($1, $2, $3, $4, 'Fuzz', $5, $6, $7, $8)",
        who.tenant_id, uuid7(), who.msp_id, who.user_id, prefix,
        hashlib.sha256(secret.encode()).digest(), scopes, datetime.now(UTC) + timedelta(days=1),
    )  # fmt: skip
    return f"qgk_{prefix}_{secret}"


def _given(made: Bench, around: Neighbours, role: str, key: str) -> dict[str, str]:
    """Return what the hooks need to know."""
    who = around.callers["msp_admin" if role == "api_key" else role]
    names = ("user_id", "device_id", "msp_id", "tenant_id", "client_id")
    principal = {name: _text(getattr(who, name)) for name in names}
    ids = around.made[around.own.id]
    ids = {**ids, **{f"{name}_id": value for name, value in ids.items()}, "user_id": ids["person"]}
    return {
        "QUILLGATE_FUZZING": json.dumps({
            "principal": {**principal, "kind": who.kind, "role": str(who.role)},
            "master": made.master.hex(), "ids": ids, "key": key if role == "api_key" else "",
        })
    }  # fmt: skip


def _text(one: UUID | None) -> str | None:
    return None if one is None else str(one)


async def _run(port: int, given: dict[str, str], asked: Asked) -> tuple[int, str]:
    """Run schemathesis as one role; return its exit status and what it said."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "schemathesis.toml"
        settings.write_text(CONFIGURATION, encoding="utf-8")
        program = [
            str(SCHEMATHESIS), "--config-file", str(settings), "run",
            f"http://127.0.0.1:{port}/openapi.json", "--checks", "all", "--continue-on-failure",
            "--phases", asked.phases, "--max-examples", str(asked.examples), "--seed", "1",
            "--suppress-health-check", "all", "--generation-database", "none", "--no-color",
        ]  # fmt: skip
        environ = {**os.environ, **given, "SCHEMATHESIS_HOOKS": "tests.performance.fuzzing",
                   "PYTHONPATH": str(Path.cwd())}  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *program, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            cwd=folder,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    return process.returncode or 0, said.decode()


async def _main(asked: Asked) -> int:
    failed = 0
    async with bench() as made, made.server() as (port, _):
        owner = await asyncpg.connect(made.owner_url)
        for role in asked.roles or ROLES:
            around = await make_neighbours(owner)
            key = await _key(owner, around.callers["msp_admin"]) if role == "api_key" else ""
            status, said = await _run(port, _given(made, around, role, key), asked)
            found = _CASES.search(said)
            figures([f"{role}: {found[1] if found else 'no'} cases, status {status}"])
            if status:
                failed += 1
                figures([said])
        await owner.close()
    return failed


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("roles", nargs="*", default=[])
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--phases", default=PHASES)
    sys.exit(1 if asyncio.run(_main(parser.parse_args(namespace=Asked()))) else 0)
