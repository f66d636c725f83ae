"""Clients and their people: own ones yes, others look as if they did not exist."""

from uuid import UUID, uuid4

from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.identity.conftest import As
from tests.integration.policy.worlds import Client, Msp, World


async def test_msp_staff_see_all_their_clients_by_name_and_no_others(
    http: HttpClient, signed_in: As, msp: Msp, client: Client, world: World
) -> None:
    second = await world.client(msp, "Atrium")
    await world.client(await world.msp(), "Foreign")
    answer = await http.get("/api/v1/clients", headers=signed_in(msp.principal()))
    items = (await answer.get_json())["items"]
    assert [item["id"] for item in items] == [str(second.id), str(client.id)]


async def test_people_of_a_client_see_that_client_only(
    http: HttpClient, signed_in: As, msp: Msp, client: Client, world: World
) -> None:
    await world.client(msp)
    answer = await http.get("/api/v1/clients", headers=signed_in(client.principal(Role.AUDITOR)))
    assert [item["id"] for item in (await answer.get_json())["items"]] == [str(client.id)]


async def test_a_foreign_client_and_one_that_never_was_answer_alike(
    http: HttpClient, signed_in: As, msp: Msp, client: Client, world: World
) -> None:
    foreign, sibling = await world.client(await world.msp()), await world.client(msp)
    for who, unseen in ((msp.principal(), foreign.id), (client.principal(), sibling.id),
                        (client.principal(), foreign.id)):  # fmt: skip
        for path in ("/clients/{}", "/users?client_id={}"):
            answers = []
            for client_id in (unseen, uuid4()):
                answer = await http.get(f"/api/v1{path.format(client_id)}", headers=signed_in(who))
                problem = await answer.get_json()
                answers.append((answer.status_code, problem["code"], problem["detail"]))
            assert answers[0] == answers[1]
            assert answers[0][0] == 404


async def test_people_are_listed_in_pages_without_gaps_or_repeats(
    http: HttpClient, signed_in: As, client: Client, world: World
) -> None:
    for number in range(6):
        await world._user(  # noqa: SLF001 -- the world's own way to write a person
            client.id, uuid4(), client.msp_id, client.id, f"User {number}", "end_user"
        )
    seen: list[UUID] = []
    cursor = ""
    for _ in range(4):
        path = f"/api/v1/users?client_id={client.id}&limit=2{cursor}"
        page = await (await http.get(path, headers=signed_in(client.principal()))).get_json()
        seen += [UUID(item["id"]) for item in page["items"]]
        cursor = f"&cursor={page['next']}"
        if page["next"] is None:
            break
    assert len(seen) == len(set(seen)) == 7


async def test_a_person_is_shown_without_password_or_secret(
    http: HttpClient, signed_in: As, client: Client
) -> None:
    path = f"/api/v1/users?client_id={client.id}"
    page = await (await http.get(path, headers=signed_in(client.principal()))).get_json()
    assert [set(item) for item in page["items"]] == [
        {"id", "email", "display_name", "role", "status"}
    ]
