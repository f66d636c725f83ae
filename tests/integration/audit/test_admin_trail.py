"""The trail of administrative changes: whole, in the change's transaction, seen by whom it may."""

from typing import Any
from urllib.parse import urlencode

import asyncpg
import pytest
from asyncpg import Connection

from backend.core.database import Database
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.admin_trail import AdminFilter, AdminTrail, Subject
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, Msp, World


@pytest.fixture
def trail(database: Database) -> AdminTrail:
    return AdminTrail(database)


async def note(
    database: Database, who: Principal, client: Client, action: str = "group.create", **more: Any
) -> None:
    subject = more.pop("subject", Subject("group", client.id))
    async with database.scoped(who.scope_for(client.id)) as connection:
        await AdminTrail.record(connection, who, action, subject, "Because", **more)


async def test_an_event_says_who_did_what_to_what_and_why(
    database: Database, trail: AdminTrail, client: Client
) -> None:
    admin = client.principal()
    await note(database, admin, client, before="Old", seats=5)
    (event,) = (await trail.events(admin, AdminFilter())).items
    assert (event.actor, event.actor_role, event.reason) == (
        "Carl Client", "client_admin", "Because",
    )  # fmt: skip
    assert (event.action, event.subject_kind, event.subject_id) == (
        "group.create", "group", str(client.id),
    )  # fmt: skip
    assert event.details == {"before": "Old", "seats": 5}
    assert event.client_id == client.id


async def test_what_is_rolled_back_leaves_no_event(
    database: Database, trail: AdminTrail, client: Client
) -> None:
    admin = client.principal()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 -- the change is what fails
        async with database.scoped(admin.scope()) as connection:
            await AdminTrail.record(connection, admin, "group.create", Subject("group", "x"))
            raise ZeroDivisionError
    assert (await trail.events(admin, AdminFilter())).items == ()


async def test_a_client_does_not_learn_the_names_of_its_msps_staff(
    database: Database, trail: AdminTrail, msp: Msp, client: Client
) -> None:
    await note(database, msp.principal(), client)
    (seen_by_client,) = (await trail.events(client.principal(), AdminFilter())).items
    (seen_by_msp,) = (await trail.events(msp.principal(), AdminFilter(client_id=client.id))).items
    (of_all_clients,) = (await trail.events(msp.principal(), AdminFilter())).items
    assert seen_by_client.actor == "Your service provider"
    assert of_all_clients.actor == "Mia Msp"
    assert seen_by_msp.id == seen_by_client.id == of_all_clients.id


async def test_an_event_of_the_msp_itself_names_no_client(
    database: Database, trail: AdminTrail, msp: Msp
) -> None:
    admin = msp.principal()
    async with database.scoped(admin.own_scope()) as connection:
        await AdminTrail.record(connection, admin, "msp.update", Subject("msp", msp.id))
    (event,) = (await trail.events(admin, AdminFilter())).items
    assert event.client_id is None


async def test_who_may_read_only_their_own_sees_what_names_them(
    database: Database, trail: AdminTrail, client: Client
) -> None:
    admin, person = client.principal(), client.principal(Role.END_USER)
    elsewhere = Principal(
        "user", client.policy_id, None, client.msp_id, client.id, client.id, Role.END_USER,
        client.id,
    )  # fmt: skip
    await note(database, admin, client, "user.update", subject=Subject("user", elsewhere.user_id))
    assert len((await trail.events(elsewhere, AdminFilter())).items) == 1
    await note(database, elsewhere, client, "user.update", subject=Subject("user", "x"))
    assert len((await trail.events(elsewhere, AdminFilter())).items) == 2
    stranger = Principal(
        "user", client.msp_id, None, client.msp_id, client.id, client.id, Role.END_USER, client.id
    )
    assert (await trail.events(stranger, AdminFilter())).items == ()
    assert len((await trail.events(person, AdminFilter())).items) == 1  # the admin's own


async def test_pages_are_whole_and_filters_narrow_them(
    database: Database, server: LiveServer, client: Client, world: World, msp: Msp
) -> None:
    admin, sibling = client.principal(), await world.client(msp, "Hillside")
    for number in range(5):
        await note(database, admin, client, "group.create" if number % 2 else "user.invite")
    await world.admin_event(sibling)
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        query = urlencode({"limit": 2} | ({"cursor": cursor} if cursor else {}))
        status, _, page = await server.request("GET", f"/api/v1/audit/admin-events?{query}", admin)
        assert status == 200, page
        found += page["items"]
        cursor = page["next"]
    assert len({event["id"] for event in found}) == 5
    assert [event["at"] for event in found] == sorted((e["at"] for e in found), reverse=True)
    for query, count in (
        ("action=group.create", 2), (f"actor={admin.user_id}", 5), (f"actor={msp.id}", 0),
        ("subject_kind=group", 5), (f"subject={sibling.id}", 0), ("until=2020-01-01T00:00:00Z", 0),
    ):  # fmt: skip
        _, _, page = await server.request("GET", f"/api/v1/audit/admin-events?{query}", admin)
        assert len(page["items"]) == count, query


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=%00", "cursor=%C3%A9", "action=DROP",
              "since=0001-01-01T00:00:00Z",
              "subject=%27", "limit=0", "limit=201", "unknown=1"]
)  # fmt: skip
async def test_a_wrong_question_is_refused(server: LiveServer, client: Client, query: str) -> None:
    path = f"/api/v1/audit/admin-events?{query}"
    status, _, problem = await server.request("GET", path, client.principal())
    assert status == 422, problem


async def test_nobody_dates_an_event_back_or_writes_one_for_another_tenant(
    database: Database, owner: "Connection[Any]", client: Client, msp: Msp
) -> None:
    values = f"'{client.id}', '{client.id}', '{msp.id}', 'x', 'a.b', 'c', 'd'"
    columns = "tenant_id, id, msp_id, actor_role, action, subject_kind, subject_id"
    for scope, names, given in (
        (client.principal().scope(), f"{columns}, at", f"{values}, '2020-01-01'"),
        (Scope.tenant(msp.id, msp.id), columns, values),
        (msp.principal().scope(), columns, values),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.scoped(scope) as connection:
                await connection.execute(f"INSERT INTO admin_events ({names}) VALUES ({given})")
    assert await owner.fetchval("SELECT count(*) FROM admin_events WHERE msp_id = $1", msp.id) == 0
