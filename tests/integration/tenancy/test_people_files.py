"""People from a CSV file and back: tried first, a verdict a line, and no cell a formula."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from quart import Quart

from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from tests.integration.tenancy.conftest import Call
from tests.isolation.neighbours import Neighbours

FILE = """email,display_name,role,groups
Ann@example.org,Ann Lee,,Billing
ben@example.org,Ben Ray,client_admin,
cy@example.org,Cy Fox,msp_admin,
no address,Dee Dee,,
ann@example.org,Ann Again,,
eve@example.org,Eve Oh,,Unknown
"""


@pytest.fixture
def send(app: Quart, keys: KeyRing) -> Any:
    async def sent(who: Principal, path: str, text: str | bytes, kind: str = "text/csv") -> Any:
        now = datetime.now(UTC)
        shown = replace(who, stepped_up_at=int(now.timestamp()))
        token = AccessTokens(keys.access_tokens).issue(shown, now)
        answer = await app.test_client().post(
            f"/api/v1{path}", data=text,
            headers={"Authorization": f"Bearer {token}", "Content-Type": kind},
        )  # fmt: skip
        said = await answer.get_data(as_text=True)
        is_stream = answer.content_type == "application/x-ndjson"
        lines = [json.loads(line) for line in said.splitlines()] if is_stream else json.loads(said)
        return answer.status_code, lines

    return sent


async def emails(call: Call, around: Neighbours) -> set[str]:
    _, page = await call(around.msp.principal(), "GET", f"/users?client_id={around.own.id}")
    return {one["email"] for one in page["items"]}


async def test_a_dry_run_judges_every_line_and_writes_nothing(
    call: Call, send: Any, around: Neighbours
) -> None:
    before = await emails(call, around)
    path = f"/clients/{around.own.id}/users/import"
    status, said = await send(around.msp.principal(), path, FILE)
    assert status == 200
    assert [(one["line"], one["verdict"]) for one in said[:-1]] == [
        (2, "created"), (3, "created"), (4, "refused"), (5, "refused"), (6, "refused"),
        (7, "refused"),
    ]  # fmt: skip
    assert all(one["why"] for one in said[2:-1])
    assert said[-1] == {"kind": "end", "created": 2, "refused": 4, "dry_run": True}
    assert await emails(call, around) == before


async def test_the_import_does_what_its_dry_run_said(
    call: Call, send: Any, around: Neighbours
) -> None:
    path = f"/clients/{around.own.id}/users/import"
    _, tried = await send(around.own.principal(), path, FILE)
    _, done = await send(around.own.principal(), f"{path}?dry_run=false", FILE)
    assert done[:-1] == tried[:-1]
    assert {"ann@example.org", "ben@example.org"} <= await emails(call, around)
    _, again = await send(around.own.principal(), f"{path}?dry_run=false", FILE)
    assert {one["verdict"] for one in again[:-1]} == {"refused"}


async def test_many_lines_come_in_more_than_one_batch(send: Any, around: Neighbours) -> None:
    lines = "".join(f"p{number}@example.org,Person {number}\n" for number in range(120))
    path = f"/clients/{around.own.id}/users/import?dry_run=false"
    _, said = await send(around.msp.principal(), path, f"email,display_name\n{lines}")
    assert [one["line"] for one in said[:-1]] == list(range(2, 122))
    assert said[-1]["created"] == 120


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("email\na@b.example\n", "text/csv", 422), ("", "text/csv", 422),
        ("email,display_name,password\na@b.example,A,x\n", "text/csv", 422),
        ("email,email,display_name\na,b,c\n", "text/csv", 422),
        ("email,display_name\na@b.example\n", "text/csv", 422),
        ('email,display_name\n"a@b.example,A\n', "text/csv", 422),
        ("email,display_name\na@b.example,A\0\n", "text/csv", 422),
        (b"email,display_name\na@b.example,\xff\n", "text/csv", 422),
        ("email,display_name\n" + "a@b.example,A\n" * 2001, "text/csv", 422),
        ("{}", "application/json", 415),
        ("email,display_name\n" + "x" * 300_000, "text/csv", 413),
    ],
)  # fmt: skip
async def test_what_is_no_such_file_is_refused_whole(
    send: Any, around: Neighbours, text: str | bytes, kind: str, status: int
) -> None:
    path = f"/clients/{around.own.id}/users/import"
    got, problem = await send(around.msp.principal(), path, text, kind)
    assert got == status, problem


async def test_an_export_starts_no_formula_and_can_be_imported_elsewhere(
    call: Call, send: Any, around: Neighbours
) -> None:
    staff = around.msp.principal()
    for number, name in enumerate(("=1+1", "+49", "-x", "@sum", "\uff1dcmd")):
        new = {"email": f"n{number}@example.org", "display_name": name, "role": "end_user",
               "client_id": str(around.own.id)}  # fmt: skip
        assert (await call(staff, "POST", "/users", new))[0] == 201
    status, text = await call(staff, "GET", f"/clients/{around.own.id}/users.csv")
    assert status == 200
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\uff1d"))]
    await call(staff, "POST", f"/clients/{around.sibling.id}/groups", {"name": "Nurses"})
    path = f"/clients/{around.sibling.id}/users/import?dry_run=false"
    _, said = await send(staff, path, text)
    assert said[-1]["refused"] == 0
    _, page = await call(staff, "GET", f"/users?client_id={around.sibling.id}&limit=200")
    assert {"=1+1", "+49", "-x"} <= {one["display_name"] for one in page["items"]}
    _, trail = await call(staff, "GET", "/audit/admin-events?action=user.export")
    assert len(trail["items"]) == 1
