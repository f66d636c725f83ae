"""Reports: violations over time with denominators, small cohorts withheld, scores with inputs."""

import asyncio
import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from asyncpg import Connection

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.services.audit_log import AuditLog
from backend.services.scoring import Exposed, Inputs, PostureControl, score
from tests.integration.audit.conftest import MakeEntry, finding
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, World

TODAY = datetime.now(UTC).date()


async def told(server: LiveServer, who: Any, path: str, **query: Any) -> Any:
    status, _, content = await server.request(
        "GET", f"/api/v1/reports/{path}?{urlencode(query)}", who
    )
    assert status == 200, content
    return content


async def test_a_report_tells_counts_and_what_they_are_shares_of(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client
) -> None:
    allowed = {"action": "allow", "disposition": "sent", "findings": ()}
    await audit_log.record_all([make_entry() for _ in range(3)])
    await audit_log.record_all([make_entry(**allowed) for _ in range(5)])
    report = await told(server, client.principal(), "compliance", framework="soc2")
    assert report["denominators"] | {"seats_healthy": 0} == {
        "prompts": 8, "people": None, "seats": 50, "seats_healthy": 0, "coverage": 0.0,
    }  # fmt: skip
    assert len(report["days"]) == 30
    assert report["days"][-1] == {
        "day": str(TODAY), "prompts": 8, "flag": 0, "warn": 0, "block": 3, "left": 0,
    }  # fmt: skip
    assert report["kinds"][0] == {"name": "US_SSN", "title": "", "count": 3, "people": None}
    named = {one["name"]: one for one in report["controls"]}
    assert named["soc2:CC6.7"]["count"] == 3
    assert named["soc2:CC6.7"]["title"]
    assert report["edition"]


async def test_of_a_framework_only_its_own_violations_are_reported(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client
) -> None:
    card = finding(type="CREDIT_CARD", rule="credit-card")
    await audit_log.record_all([make_entry(), make_entry(findings=(card,), ai_service_id="claude")])
    report = await told(server, client.principal(), "compliance", framework="pci")
    kinds = {one["name"]: one["count"] for one in report["kinds"]}
    assert kinds == {"CREDIT_CARD": 1, "US_SSN": 1}  # the other went to a service nobody lists
    report = await told(server, client.principal(), "compliance", framework="hipaa")
    assert {one["name"] for one in report["controls"]} == {"hipaa:164.308(b)(1)"}


async def test_a_group_of_four_is_withheld_and_one_of_five_is_shown(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client,
    owner: "Connection[Any]",
) -> None:  # fmt: skip
    for name, size in (("Small", 4), ("Large", 5)):
        group = uuid7()
        await owner.execute(
            "INSERT INTO groups (tenant_id, id, msp_id, name) VALUES ($1, $2, $3, $4)",
            client.id, group, client.msp_id, name,
        )  # fmt: skip
        for _ in range(size):
            user = uuid7()
            await owner.execute(
                "INSERT INTO users (tenant_id, id, msp_id, client_id, email, display_name, role)"
                " VALUES ($1, $2, $3, $1, $4, 'Una', 'end_user')",
                client.id, user, client.msp_id, f"{user}@example.org",
            )  # fmt: skip
            await owner.execute(
                "INSERT INTO group_members (tenant_id, group_id, user_id, msp_id)"
                " VALUES ($1, $2, $3, $4)", client.id, group, user, client.msp_id,
            )  # fmt: skip
            who = client.principal(Role.END_USER)
            who = type(who)(**{name: getattr(who, name) for name in who.__slots__} | {
                "user_id": user})  # fmt: skip
            await audit_log.record(make_entry(principal=who))
    report = await told(server, client.principal(), "compliance")
    assert [(one["title"], one["count"], one["people"]) for one in report["cohorts"]] == [
        ("Large", 5, 5)
    ]
    assert report["cohorts_withheld"] == 1
    assert report["denominators"]["people"] == 9


async def test_the_first_day_there_is_has_a_report(server: LiveServer, client: Client) -> None:
    report = await told(server, client.principal(), "compliance", to="0001-01-01")
    assert report["period"] == {"since": "0001-01-01", "until": "0001-01-01"}


async def test_the_csv_says_the_same_and_starts_no_formula(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client,
    owner: "Connection[Any]",
) -> None:  # fmt: skip
    await owner.execute("UPDATE clients SET name = '=1+1' WHERE tenant_id = $1", client.id)
    await audit_log.record(make_entry())
    who = replace(client.principal(), stepped_up_at=int(datetime.now(UTC).timestamp()))
    request = Request(
        f"http://127.0.0.1:{server.port}/api/v1/reports/compliance?format=csv",
        headers={"Authorization": f"Bearer {server.token(who)}"},
    )
    text = await asyncio.to_thread(lambda: urlopen(request).read().decode())  # noqa: S310 -- ours
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == ["section", "name", "title", "value"]
    assert ["report", "client", "'=1+1", str(client.id)] in lines
    assert ["kinds", "US_SSN", "", "1"] in lines
    assert all(not one.startswith(("=", "+", "-", "@", "\t")) for line in lines for one in line)


async def test_the_score_is_worked_out_again_from_its_inputs(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client
) -> None:
    sent = {"action": "flag", "disposition": "sent_unflagged"}
    await audit_log.record_all([make_entry(**sent), make_entry()])
    found = await told(server, client.principal(), "score")
    given = found["inputs"]
    given["controls"] = tuple(PostureControl(**one) for one in given["controls"])
    given["exposed"] = tuple(Exposed(**one) for one in given["exposed"])
    again = score(Inputs(**given))
    assert (again.score, again.posture, again.exposure) == (
        found["score"]["score"], found["score"]["posture"], found["score"]["exposure"],
    )  # fmt: skip
    assert found["formula"] == "qg-score-1"
    assert (found["score"]["is_enough"], found["score"]["grade"]) == (False, None)
    assert found["inputs"]["open_disclosures"] == 1
    assert found["fix_first"]


async def test_an_attestation_raises_posture_until_it_expires_and_none_is_changed(
    server: LiveServer, client: Client
) -> None:
    admin = client.principal()
    before = await told(server, admin, "score")
    until = str(TODAY + timedelta(days=90))
    said = {"client_id": str(client.id), "control": "training", "evidence": "Register of May",
            "percent": 60, "expires_on": until}  # fmt: skip
    for percent in (100, 60):
        status, _, made = await server.request(
            "POST", "/api/v1/reports/attestations", admin, said | {"percent": percent}
        )
        assert status == 201, made
    after = await told(server, admin, "score")
    training = next(one for one in after["inputs"]["controls"] if one["id"] == "training")
    assert (training["fulfilment"], training["basis"]) == (0.6, "attestation")
    assert after["score"]["posture"] > before["score"]["posture"]
    listed = await told(server, admin, "attestations")
    assert [(one["percent"], one["is_current"]) for one in listed["items"]] == [
        (60, True), (100, False),
    ]  # fmt: skip
    for wrong in (
        {"control": "coverage"}, {"control": "nonsense"}, {"percent": 101},
        {"expires_on": str(TODAY - timedelta(days=1))}, {"evidence": "nul\0"}, {"evidence": ""},
    ):  # fmt: skip
        status, _, _ = await server.request(
            "POST", "/api/v1/reports/attestations", admin, said | wrong
        )
        assert status == 422, wrong


@pytest.mark.parametrize("path", ["compliance", "score", "attestations"])
async def test_a_foreign_client_answers_like_an_absent_one(
    server: LiveServer, world: World, client: Client, path: str
) -> None:
    stranger = await world.client(await world.msp())
    answers = []
    for client_id in (stranger.id, uuid7()):
        status, _, content = await server.request(
            "GET", f"/api/v1/reports/{path}?client_id={client_id}", client.principal()
        )
        answers.append((status, content["code"], content["detail"]))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


@pytest.mark.parametrize(
    "query",
    ["framework=none", "from=2026-01-02&to=2026-01-01", "from=2020-01-01&to=2026-01-01",
     "from=yesterday", "format=xlsx", "surprise=1"],
)  # fmt: skip
async def test_a_wrong_question_is_refused(server: LiveServer, client: Client, query: str) -> None:
    status, _, _ = await server.request(
        "GET", f"/api/v1/reports/compliance?{query}", client.principal()
    )
    assert status == 422


async def test_end_users_read_no_reports(server: LiveServer, client: Client) -> None:
    for path in ("compliance", "score", "frameworks", "attestations"):
        status, _, _ = await server.request(
            "GET", f"/api/v1/reports/{path}", client.principal(Role.END_USER)
        )
        assert status == 403
