"""What an admin does about a violation, over HTTP; and feeds hear of it."""

import asyncio
from typing import Any

import pytest

from backend.core.permissions import Role
from tests.integration.live.server import Caller, LiveServer
from tests.integration.live.test_exceptions import judged
from tests.integration.live.test_socket import feed, violate
from tests.integration.policy.worlds import Client, Msp, World

Given = dict[str, Any]


def at(stopped: Given) -> str:
    return f"/api/v1/audit/violations/{stopped['submission_id']}"


async def told(onlooker: Caller) -> Given:
    """Return the next word of what is done about a violation: that it is there may come late."""
    while "about" not in (message := await onlooker.hear())["d"]:
        pass
    return message


async def test_it_is_taken_up_given_to_somebody_and_closed_and_each_step_is_told(
    server: LiveServer, msp: Msp, client: Client
) -> None:
    stopped, admin = await violate(server, client), client.principal()
    async with server.greeted(msp.principal(), feed()) as onlooker:
        step: Given = {"base_version": 1, "status": "triaged", "owner_id": str(client.admin_id)}
        status, headers, card = await server.request("PATCH", at(stopped), admin, step)
        assert (status, headers["etag"]) == (200, '"2"')
        assert (card["status"], card["owner"], card["version"]) == ("triaged", "Carl Client", 2)
        note = await told(onlooker)
        assert (note["d"]["about"], note["d"]["submission_id"]) == (
            "violation.changed", stopped["submission_id"],
        )  # fmt: skip
    step = {"base_version": 2, "status": "resolved", "comment": "Spoke with her"}
    _, _, card = await server.request("PATCH", at(stopped), msp.principal(), step)
    assert [(one["action"], one["actor"], one["comment"]) for one in card["history"]] == [
        ("violation.resolve", "Mia Msp", "Spoke with her"),
        ("violation.triage", "Carl Client", ""),
    ]
    _, _, seen = await server.request("GET", at(stopped), admin)
    assert seen["history"][0]["actor"] == "Your service provider"
    listed = f"/api/v1/audit/violations?client_id={client.id}&status=resolved"
    _, _, page = await server.request("GET", listed, admin)
    assert [one["submission_id"] for one in page["items"]] == [stopped["submission_id"]]


async def test_of_two_at_once_one_is_refused_as_stale(server: LiveServer, client: Client) -> None:
    stopped = await violate(server, client)
    steps = [{"base_version": 1, "status": status} for status in ("triaged", "resolved")]
    answers = await asyncio.gather(
        *(server.request("PATCH", at(stopped), client.principal(), step) for step in steps)
    )
    assert sorted(status for status, _, _ in answers) == [200, 412]


@pytest.mark.parametrize(
    ("step", "status", "code"),
    [
        ({"base_version": 1}, 422, "invalid-input"),
        ({"base_version": 1, "comment": "\0"}, 422, "odd-characters"),
        ({"base_version": 1, "status": "new"}, 422, "invalid-input"),
        ({"base_version": 1, "owner_id": "01a21786-f2b6-7563-a863-7bed25748081"}, 403,
         "violation-owner"),
        ({"base_version": 1, "status": "triaged", "exempt_minutes": 5}, 422, "invalid-input"),
    ],
)  # fmt: skip
async def test_a_step_that_makes_no_sense_is_refused(
    server: LiveServer, client: Client, msp: Msp, step: Given, status: int, code: str
) -> None:
    stopped = await violate(server, client)
    answer = await server.request("PATCH", at(stopped), msp.principal(), step)
    assert (answer[0], answer[2]["code"]) == (status, code)


async def test_what_is_closed_can_be_opened_again_and_nothing_else(
    server: LiveServer, client: Client
) -> None:
    stopped, admin = await violate(server, client), client.principal()
    close: Given = {"base_version": 1, "status": "resolved"}
    await server.request("PATCH", at(stopped), admin, close)
    again = {"base_version": 2, "status": "escalated"}
    status, _, refused = await server.request("PATCH", at(stopped), admin, again)
    assert (status, refused["code"]) == (409, "violation-step")
    again["status"] = "triaged"
    status, _, card = await server.request("PATCH", at(stopped), admin, again)
    assert (status, card["history"][0]["action"]) == (200, "violation.reopen")


async def test_a_report_is_accepted_with_one_step_and_may_pass_for_a_while(
    server: LiveServer, msp: Msp, client: Client, world: World
) -> None:
    stopped = await violate(server, client)
    step = {"base_version": 1, "status": "false_positive", "exempt_minutes": 30}
    status, _, refused = await server.request("PATCH", at(stopped), client.principal(), step)
    assert (status, refused["code"]) == (403, "exception-own-request")
    status, _, card = await server.request("PATCH", at(stopped), msp.principal(), step)
    assert (status, card["status"]) == (200, "false_positive")
    assert await judged(server, client) == "flag"
    _, _, page = await server.request(
        "GET", "/api/v1/exceptions?state=active", client.principal(Role.END_USER)
    )
    assert [(one["kinds"], one["minutes"]) for one in page["items"]] == [(["US_SSN"], 30)]
    trail = "SELECT action FROM admin_events WHERE tenant_id = $1 ORDER BY id"
    assert [row["action"] for row in await world.owner.fetch(trail, client.id)] == [
        "violation.accept", "exception.approve",
    ]  # fmt: skip
