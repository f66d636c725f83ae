"""Somebody asks to use an AI service; somebody else answers, and what is allowed ends by itself."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from backend.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.service_requests import Answer, Asked, ServiceRequests
from tests.integration.policy.worlds import Client, Msp, StandingClock, World
from tests.integration.services.conftest import Told

ASKED = Asked("https://poe.com/chat", "To compare texts for the newsletter", 7)


async def test_a_request_is_answered_by_somebody_else_and_runs_out(
    requests: ServiceRequests, registry: AiServiceRegistry, clock: StandingClock, client: Client,
    world: World, told: Told,
) -> None:  # fmt: skip
    person = await world.person(client, Role.END_USER)
    asked = await requests.ask(person, ASKED)
    assert (asked.service, asked.state, asked.person) == ("poe", "pending", "Pat Person")
    made = await requests.decide(
        client.principal(), client.id, asked.id, Answer(True, "For two days", 2)
    )
    assert (made.state, made.ends_at) == ("approved", clock.now() + timedelta(days=2))
    abouts = [(one["about"], one["service"]) for one in told.notes]
    assert abouts == [("service.requested", "poe"), ("service.decided", "poe")]

    async def status(user: Any) -> str:
        scope = person.scope_for(client.id)
        return (await registry.of_client(scope, client.id, user)).status_of("poe").value

    assert (await status(person.user_id), await status(client.admin_id)) == ("tolerated", "unknown")
    clock.moment += timedelta(days=2)
    assert await status(person.user_id) == "unknown"
    (shown,) = (await requests.listed(person, client.id)).items
    assert shown.state == "ended"


async def test_what_was_approved_can_be_ended_earlier(
    requests: ServiceRequests, registry: AiServiceRegistry, client: Client, world: World
) -> None:
    person, admin = await world.person(client, Role.END_USER), client.principal()
    asked = await requests.ask(person, ASKED)
    await requests.decide(admin, client.id, asked.id, Answer(True, "Fine"))
    ended = await requests.end(admin, client.id, asked.id, "The newsletter is out")
    assert ended.state == "ended"
    scope = person.scope_for(client.id)
    found = await registry.of_client(scope, client.id, person.user_id)
    assert found.status_of("poe").value == "unknown"
    with pytest.raises(Conflict):
        await requests.end(admin, client.id, asked.id, "Once more")


async def test_nobody_answers_their_own_request_not_even_past_the_program(
    requests: ServiceRequests, client: Client, owner: Any
) -> None:
    admin = client.principal()
    asked = await requests.ask(admin, ASKED)
    with pytest.raises(Forbidden):
        await requests.decide(admin, client.id, asked.id, Answer(True, "Mine"))
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(
            "UPDATE service_requests SET status = 'rejected', decided_by = requested_by"
            " WHERE id = $1",
            asked.id,
        )


async def test_a_request_is_answered_once_and_asked_once(
    requests: ServiceRequests, client: Client, world: World
) -> None:
    person, admin = await world.person(client, Role.END_USER), client.principal()
    asked = await requests.ask(person, ASKED)
    with pytest.raises(Conflict):
        await requests.ask(person, ASKED)
    await requests.decide(admin, client.id, asked.id, Answer(False, "Use Claude"))
    with pytest.raises(Conflict):
        await requests.decide(admin, client.id, asked.id, Answer(True, "After all"))


async def test_a_reason_that_says_nothing_or_holds_data_is_not_kept(
    requests: ServiceRequests, client: Client, world: World, owner: Any
) -> None:
    person = await world.person(client, Role.END_USER)
    for words in ("asdf", "Because her SSN is 536-90-4399 and she waits"):
        with pytest.raises(InvalidInput):
            await requests.ask(person, Asked("poe.com", words, 7))
    kept = "SELECT count(*) FROM service_requests WHERE tenant_id = $1"
    assert await owner.fetchval(kept, client.id) == 0


async def test_a_service_the_registry_does_not_know_can_be_asked_for_but_not_allowed(
    requests: ServiceRequests, client: Client, world: World
) -> None:
    person = await world.person(client, Role.END_USER)
    asked = await requests.ask(
        person, Asked("new-chat.example", "To try what it says of our leaflets", 7)
    )
    assert (asked.service, asked.ai_service_id) == ("new-chat.example", None)
    with pytest.raises(Conflict, match="registry does not know"):
        await requests.decide(client.principal(), client.id, asked.id, Answer(True, "Fine"))


async def test_people_see_their_own_requests_and_ask_for_their_own_groups(
    requests: ServiceRequests, client: Client, world: World, msp: Msp
) -> None:
    one, other = [await world.person(client, Role.END_USER) for _ in range(2)]
    await requests.ask(one, ASKED)
    assert (await requests.listed(other, client.id)).items == ()
    assert len((await requests.listed(msp.principal(), client.id)).items) == 1
    with pytest.raises(NotFound):
        await requests.ask(other, Asked("poe.com", "For the letters of our whole team", 7, uuid7()))
