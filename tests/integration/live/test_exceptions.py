"""Somebody asks, somebody else answers, and the browser hears of it: over HTTP and the socket."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from tests.integration.live.server import LiveServer
from tests.integration.live.test_socket import feed, violate
from tests.integration.policy.worlds import NOW, Client, Msp, World

EXCEPTIONS = "/api/v1/exceptions"
WHY = "The insurer asks for it today."
PROMPT = {"text": "my ssn is 536-90-4399", "service": "chatgpt.com", "channel": "typed"}
YES = {"minutes": 30, "reason": "Agreed by telephone"}


async def asked(server: LiveServer, client: Client, **values: Any) -> dict[str, Any]:
    """Let somebody of a client be stopped and ask."""
    stopped = await violate(server, client)
    content = {"submission_id": stopped["submission_id"], "justification": "legal", "words": WHY}
    status, _, answer = await server.request(
        "POST", EXCEPTIONS, client.principal(Role.END_USER), content | values
    )
    assert status == 201, answer
    return dict(answer)


async def answered(
    server: LiveServer, who: Principal, asked_for: dict[str, Any], verb: str = "approve",
    content: dict[str, Any] | None = None,
) -> tuple[int, dict[str, Any]]:  # fmt: skip
    path = f"{EXCEPTIONS}/{asked_for['id']}/{verb}"
    status, _, answer = await server.request("POST", path, who, content or YES)
    return status, answer


async def judged(server: LiveServer, client: Client) -> str:
    person = client.principal(Role.END_USER)
    _, _, answer = await server.request("POST", "/api/v1/analyze/prompt", person, PROMPT)
    return str(answer["action"])


async def test_an_answer_reaches_the_browser_that_asked_and_lets_it_pass_for_a_while(
    server: LiveServer, msp: Msp, client: Client, world: World
) -> None:
    browser, colleague = client.device(uuid7()), await world.person(client, Role.CLIENT_ADMIN)
    async with (
        server.greeted(browser, {"ch": "policy"}) as tab,
        server.greeted(msp.principal(), feed()) as approver,
        server.greeted(colleague, {"ch": "policy"}) as other,
    ):
        assert (await tab.hear())["t"] == (await other.hear())["t"] == "policy.changed"
        question = await asked(server, client)
        assert (question["state"], question["approvers_needed"]) == ("pending", 1)
        assert question["kinds"] == ["US_SSN"]
        assert question["service"] in {"chatgpt", "chatgpt.com"}, "as other tests have left it"
        heard = [await approver.hear() for _ in range(2)]  # what was stopped, and the question
        note = next(one for one in heard if one["d"].get("about"))
        assert note["d"]["exception_id"] == question["id"]
        assert (note["t"], note["o"]) == ("feed.event", None)
        held = await server.services.sync_bundles.bundle(browser)
        status, granted = await answered(server, msp.principal(), question)
        assert (status, granted["state"], granted["minutes"]) == (200, "active", 30)
        decided = await tab.hear(1)
        assert (decided["t"], decided["d"]) == (
            "exception.decided", {"exception_id": question["id"]},
        )  # fmt: skip
        assert await other.hear_nothing()
    fresh = await server.services.sync_bundles.bundle(browser, held.etag)
    bundle = json.loads(json.loads(fresh.body)["bundle"])
    assert [(one["kinds"], one["service"]) for one in bundle["exemptions"]] == [
        (["US_SSN"], question["service"])
    ]
    assert await judged(server, client) == "flag"
    disposition = await world.owner.fetchval(
        "SELECT disposition FROM client_policy_violations WHERE tenant_id = $1 AND action = 'flag'",
        client.id,
    )
    assert disposition == "justified_sent"
    neighbour = await server.services.sync_bundles.bundle(
        Principal(
            "device", uuid7(), uuid7(), client.msp_id, client.id, client.id, Role.DEVICE, uuid7()
        )
    )
    assert json.loads(json.loads(neighbour.body)["bundle"])["exemptions"] == []


async def test_it_ends_early_where_an_approver_says_so(
    server: LiveServer, msp: Msp, client: Client
) -> None:
    question = await asked(server, client)
    await answered(server, msp.principal(), question)
    status, ended = await answered(server, msp.principal(), question, "end", {"reason": "Done"})
    assert (status, ended["state"]) == (200, "ended")
    assert await judged(server, client) == "block"
    assert (await answered(server, msp.principal(), question, "end", {"reason": "Again"}))[0] == 409


async def test_who_asked_cannot_approve_and_a_decided_request_stays_decided(
    server: LiveServer, msp: Msp, client: Client
) -> None:
    question = await asked(server, client)
    status, refused = await answered(server, client.principal(), question)
    assert (status, refused["code"]) == (403, "exception-own-request")
    too_long = {"minutes": 481, "reason": "r"}
    status, refused = await answered(server, msp.principal(), question, content=too_long)
    assert (status, refused["code"]) == (422, "exception-too-long")
    status, said = await answered(server, msp.principal(), question, "reject", {"reason": "Redact"})
    assert (status, said["state"], said["said"][0]["reason"]) == (200, "rejected", "Redact")
    status, refused = await answered(server, msp.principal(), question)
    assert (status, refused["code"]) == (409, "exception-decided")
    assert await judged(server, client) == "block"


async def test_nobody_approves_what_a_browser_asked_that_may_be_their_own(
    server: LiveServer, msp: Msp, client: Client, world: World
) -> None:
    question = await asked(server, client)
    named = "UPDATE users SET email = $2 WHERE id = $1"
    await world.owner.execute(named, client.admin_id, f"Boss-{client.id}@example.org")
    await world.owner.execute(named, msp.admin_id, f"boss-{client.id}@example.org")
    status, refused = await answered(server, msp.principal(), question)
    assert (status, refused["code"]) == (403, "exception-own-browser")
    await world.owner.execute(named, msp.admin_id, f"other-{client.id}@example.org")

    alone = await world.device(client)
    await world.owner.execute(
        "UPDATE devices SET enrolled_by = $2 WHERE id = $1", alone, msp.admin_id
    )
    await world.owner.execute(
        "UPDATE client_policy_violations SET device_id = $2 WHERE tenant_id = $1", client.id, alone
    )
    status, refused = await answered(server, msp.principal(), question)
    assert (status, refused["code"]) == (403, "exception-own-browser")
    await world.owner.execute(
        "UPDATE devices SET enrolled_by = $2 WHERE id = $1", alone, client.admin_id
    )
    assert (await answered(server, msp.principal(), question))[0] == 200


async def test_what_a_lock_stops_needs_two_people(
    server: LiveServer, msp: Msp, client: Client, world: World
) -> None:
    await world.owner.execute(
        "INSERT INTO policy_layers (tenant_id, id, msp_id, owner_kind, owner_id, name, template,"
        " current_version, updated_at) VALUES ($1, $2, $3, 'user', $4, 'Own', 'hipaa', 1, $5)",
        client.id, client.policy_id, client.msp_id, client.admin_id, NOW,
    )  # fmt: skip
    document = {"format": 1, "minimum_confidence": 0.5, "entities": {"US_SSN": {"action": "block"}},
                "locks": {"entities.US_SSN": "locked"}}  # fmt: skip
    await world.owner.execute(
        "INSERT INTO policy_layer_versions (tenant_id, layer_id, version, msp_id, document, etag,"
        " reason) VALUES ($1, $2, 1, $3, $4, 'e', 'Start')",
        client.id, client.policy_id, client.msp_id, json.dumps(document),
    )  # fmt: skip
    question = await asked(server, client)
    assert question["approvers_needed"] == 2
    clicks = [answered(server, msp.principal(), question) for _ in range(3)]
    (_, once), *others = sorted(await asyncio.gather(*clicks), key=lambda one: one[0])
    assert (once["state"], once["approvals"]) == ("pending", 1)
    for status, refused in others:
        assert (status, refused["code"]) == (409, "exception-needs-another")
    assert await judged(server, client) == "block"
    second = await world.person(client, Role.CLIENT_ADMIN)
    shorter = {"minutes": 10, "reason": "Ten are enough"}
    status, twice = await answered(server, second, question, content=shorter)
    assert (status, twice["state"], twice["minutes"]) == (200, "active", 10)


async def test_what_the_policy_asks_for_since_counts_when_somebody_answers(
    server: LiveServer, msp: Msp, client: Client
) -> None:
    question = await asked(server, client)
    assert (question["approvers_needed"], question["most_minutes"]) == (1, 480)
    stricter = {"exception_approvers": "two", "exception_minutes": 60}
    publishing = server.services.policy_publishing
    await publishing.publish(msp.principal(), client.policy_id, 1, "Carefully", stricter)
    long = {"minutes": 61, "reason": "r"}
    status, refused = await answered(server, msp.principal(), question, content=long)
    assert (status, refused["code"]) == (422, "exception-too-long")
    status, once = await answered(server, msp.principal(), question)
    assert (status, once["state"], once["approvers_needed"]) == (200, "pending", 2)
    assert await judged(server, client) == "block"


async def test_an_exception_for_a_group_needs_two_people_and_is_for_everybody_in_it(
    server: LiveServer, msp: Msp, client: Client, world: World
) -> None:
    group, colleague = uuid7(), await world.person(client, Role.END_USER)
    await world.owner.execute(
        "INSERT INTO groups (tenant_id, id, msp_id, name) VALUES ($1, $2, $3, 'Billing')",
        client.id, group, client.msp_id,
    )  # fmt: skip
    stopped = await violate(server, client)
    content = {"submission_id": stopped["submission_id"], "justification": "legal", "words": WHY,
               "group_id": str(group)}  # fmt: skip
    who = client.principal(Role.END_USER)
    assert (await server.request("POST", EXCEPTIONS, who, content))[0] == 404
    await world.owner.executemany(
        "INSERT INTO group_members (tenant_id, group_id, user_id, msp_id) VALUES ($1, $2, $3, $4)",
        [(client.id, group, one.user_id, client.msp_id) for one in (who, colleague)],
    )
    status, _, question = await server.request("POST", EXCEPTIONS, who, content)
    assert (status, question["group"], question["approvers_needed"]) == (201, "Billing", 2)
    assert (await answered(server, msp.principal(), question))[1]["state"] == "pending"
    second = await world.person(client, Role.CLIENT_ADMIN)
    browser = replace(client.device(uuid7()), user_id=colleague.user_id)
    async with server.greeted(browser, {"ch": "policy"}) as tab:
        assert (await tab.hear())["t"] == "policy.changed"
        assert (await answered(server, second, question))[1]["state"] == "active"
        assert (await tab.hear(1))["t"] == "services.changed"
    for person, exempted in ((colleague, 1), (second, 0)):
        own = replace(client.device(uuid7()), user_id=person.user_id)
        bundle = json.loads((await server.services.sync_bundles.bundle(own)).body)
        assert len(json.loads(bundle["bundle"])["exemptions"]) == exempted
    for service, found in ((question["service"], 1), ("poe", 0)):
        listed = f"{EXCEPTIONS}?client_id={client.id}&service={service}"
        _, _, page = await server.request("GET", listed, msp.principal())
        assert len(page["items"]) == found


@pytest.mark.parametrize(
    ("words", "code"),
    [("please please please", "reason-low-effort"),
     ("It is about SSN 536-90-4399 of a patient", "reason-holds-data")],
    ids=["no effort", "data in it"],
)  # fmt: skip
async def test_a_reason_that_says_nothing_or_holds_data_is_refused_and_not_kept(
    server: LiveServer, client: Client, world: World, words: str, code: str
) -> None:
    stopped = await violate(server, client)
    content = {"submission_id": stopped["submission_id"], "justification": "legal", "words": words}
    status, _, refused = await server.request(
        "POST", EXCEPTIONS, client.principal(Role.END_USER), content
    )
    assert (status, refused["code"]) == (422, code)
    assert "536-90-4399" not in json.dumps(refused)
    kept = "SELECT count(*) FROM exceptions WHERE tenant_id = $1"
    assert await world.owner.fetchval(kept, client.id) == 0


async def test_one_question_a_prompt_and_it_can_be_taken_back(
    server: LiveServer, msp: Msp, client: Client
) -> None:
    question = await asked(server, client)
    again = {"submission_id": question["submission_id"], "justification": "legal", "words": WHY}
    person = client.principal(Role.END_USER)
    status, _, refused = await server.request("POST", EXCEPTIONS, person, again)
    assert (status, refused["code"]) == (409, "exception-asked")
    status, _, back = await server.request(
        "POST", f"{EXCEPTIONS}/{question['id']}/withdraw", person
    )
    assert (status, back["state"]) == (200, "withdrawn")
    status, _, refused = await server.request("POST", EXCEPTIONS, person, again)
    assert status == 201
    listed = f"{EXCEPTIONS}?client_id={client.id}&state=withdrawn"
    _, _, page = await server.request("GET", listed, msp.principal())
    assert [one["id"] for one in page["items"]] == [question["id"]]


async def test_a_policy_can_grant_none_and_a_question_lapses(
    server: LiveServer, msp: Msp, world: World
) -> None:
    strict = await world.client(msp, "Strict", exception_minutes=0)
    stopped = await violate(server, strict)
    content = {"submission_id": stopped["submission_id"], "justification": "legal", "words": WHY}
    status, _, refused = await server.request(
        "POST", EXCEPTIONS, strict.principal(Role.END_USER), content
    )
    assert (status, refused["code"]) == (409, "exceptions-off")
    client = await world.client(msp, "Slow")
    question = await asked(server, client)
    await world.owner.execute(
        "UPDATE exceptions SET created_at = created_at - $2::interval WHERE id = $1",
        UUID(question["id"]), timedelta(hours=24),
    )  # fmt: skip
    status, refused = await answered(server, msp.principal(), question)
    assert (status, refused["code"]) == (409, "exception-lapsed")


async def test_every_step_is_in_the_trail_of_changes(
    server: LiveServer, msp: Msp, client: Client, world: World
) -> None:
    question = await asked(server, client)
    await answered(server, msp.principal(), question)
    await answered(server, msp.principal(), question, "end", {"reason": "Done"})
    trail = await world.owner.fetch(
        "SELECT action, reason FROM admin_events WHERE subject_id = $1 ORDER BY at", question["id"]
    )
    assert [tuple(row) for row in trail] == [
        ("exception.request", WHY), ("exception.approve", YES["reason"]), ("exception.end", "Done"),
    ]  # fmt: skip


async def test_the_database_itself_keeps_an_exception_within_what_was_granted(
    client: Client, world: World
) -> None:
    person, helper = await world.person(client, Role.END_USER), uuid7()
    needs_two = await world.exception(client, person, approvers_needed=2)
    put = world.owner.execute
    say = (
        "INSERT INTO exception_decisions (tenant_id, exception_id, approver_id, msp_id,"
        " requested_by, decision, minutes, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, 'r')"
    )
    grant = (
        "UPDATE exceptions SET status = 'approved', minutes = $2, starts_at = now(),"
        " ends_at = now() + $3::interval WHERE id = $1"
    )
    half_an_hour = timedelta(minutes=30)

    async def said(approver: UUID, decision: str, minutes: int | None) -> None:
        await put(
            say, client.id, needs_two, approver, client.msp_id, person.user_id, decision, minutes
        )

    with pytest.raises(asyncpg.CheckViolationError):  # who asked
        await said(person.user_id, "approve", 30)
    with pytest.raises(asyncpg.CheckViolationError):  # for how long?
        await said(helper, "approve", None)
    await said(helper, "approve", 30)
    with pytest.raises(asyncpg.UniqueViolationError):  # one person, two votes
        await said(helper, "approve", 30)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="needs 2 approvers"):
        await put(grant, needs_two, 30, half_an_hour)
    await said(uuid7(), "approve", 20)
    for minutes, lasts in ((30, half_an_hour), (20, half_an_hour), (61, half_an_hour)):
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.InsufficientPrivilegeError)):
            await put(grant, needs_two, minutes, lasts)
    await put(grant, needs_two, 20, timedelta(minutes=20))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):  # longer, once it holds
        await put(
            "UPDATE exceptions SET status = 'ended', ends_at = ends_at + $2::interval"
            " WHERE id = $1", needs_two, half_an_hour,
        )  # fmt: skip
    with pytest.raises(asyncpg.InsufficientPrivilegeError):  # what was said stays said
        await put("UPDATE exception_decisions SET minutes = 60 WHERE exception_id = $1", needs_two)
    refused = await world.exception(client, person)
    await put(say, client.id, refused, helper, client.msp_id, person.user_id, "reject", None)
    await put(say, client.id, refused, uuid7(), client.msp_id, person.user_id, "approve", 20)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not granted"):
        await put(grant, refused, 20, timedelta(minutes=20))
