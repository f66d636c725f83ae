"""From the bus to the sockets of one process, on both kinds of bus."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from backend.core.bus import Bus
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.live.channels import of_tenant
from backend.live.connection import Connection
from backend.live.hub import MOST_PER_SESSION, Hub
from backend.live.messages import Close
from backend.live.publisher import Publisher
from tests.integration.live.conftest import VersionsInDatabase, until
from tests.unit.live.people import everything_sent, of_client, of_msp

Enter = Callable[[Principal], Awaitable[Connection]]


@pytest.fixture
def publisher(bus: Bus) -> Publisher:
    return Publisher(bus)


@pytest.fixture
async def enter(hub: Hub) -> AsyncIterator[Enter]:
    """Enter a socket that wants everything it may have; all leave in the end."""
    entered = []

    async def enter(principal: Principal) -> Connection:
        socket = Connection(principal)
        entered.append(socket)
        socket.wants_policy = True
        own = principal.client_id
        socket.feed_clients = frozenset({own}) if own else None
        assert await hub.add(socket)
        socket.release()
        return socket

    yield enter
    for socket in entered:
        await hub.remove(socket)


async def heard(socket: Connection) -> dict[str, Any]:
    async with asyncio.timeout(5):
        frame = await socket.outgoing.next()
    assert frame is not None
    message: dict[str, Any] = json.loads(frame)
    return message


def client_of(principal: Principal) -> UUID:
    assert principal.client_id is not None
    return principal.client_id


async def test_a_violation_reaches_the_sockets_of_its_client(
    enter: Enter, publisher: Publisher
) -> None:
    admin = of_client()
    first, second = await enter(admin), await enter(admin)
    await publisher.violation(client_of(admin), admin.msp_id, {"sequence": 7, "action": "block"})
    message = await heard(first)
    assert message == await heard(second)
    assert (message["t"], message["ch"], message["o"], message["d"]) == (
        "feed.event", "feed", 7, {"sequence": 7, "action": "block"},
    )  # fmt: skip


async def test_a_violation_reaches_the_staff_of_its_msp(enter: Enter, publisher: Publisher) -> None:
    staff = of_msp()
    socket = await enter(staff)
    await publisher.violation(uuid7(), staff.msp_id, {"sequence": 1})
    assert (await heard(socket))["o"] == 1


async def test_another_client_and_another_msp_hear_nothing(
    enter: Enter, publisher: Publisher
) -> None:
    admin = of_client()
    mine, sibling, foreign = await enter(admin), await enter(of_client()), await enter(of_msp())
    await publisher.violation(client_of(admin), admin.msp_id, {"sequence": 1})
    await publisher.policy_changed(client_of(admin), admin.msp_id, 2, "tag")
    assert (await heard(mine))["t"] == "feed.event"
    assert (await heard(mine))["t"] == "policy.changed"
    assert await everything_sent(sibling) == []
    assert await everything_sent(foreign) == []


async def test_staff_who_chose_one_client_hear_of_no_other(hub: Hub, publisher: Publisher) -> None:
    staff, chosen = of_msp(), uuid7()
    socket = Connection(staff)
    socket.feed_clients = frozenset({chosen})
    await hub.add(socket)
    socket.release()
    await publisher.violation(uuid7(), staff.msp_id, {"sequence": 1})
    await publisher.violation(chosen, staff.msp_id, {"sequence": 2})
    assert (await heard(socket))["o"] == 2
    await hub.remove(socket)


async def test_a_policy_change_is_told_and_the_kept_one_forgotten(
    enter: Enter, publisher: Publisher, forgotten: list[UUID]
) -> None:
    admin = of_client()
    socket = await enter(admin)
    await publisher.policy_changed(client_of(admin), admin.msp_id, 8, "tag")
    assert (await heard(socket))["d"]["version"] == 8
    assert client_of(admin) in forgotten


async def test_a_kept_policy_is_forgotten_even_where_nobody_of_the_client_is_connected(
    hub: Hub, publisher: Publisher, forgotten: list[UUID]
) -> None:
    client_id = uuid7()
    await publisher.policy_changed(client_id, uuid7(), 8, "tag")
    await until(lambda: client_id in forgotten)
    assert hub.count == 0


async def test_after_the_last_socket_the_channel_is_left(
    hub: Hub, bus: Bus, enter: Enter, publisher: Publisher
) -> None:
    admin = of_client()
    first, second = await enter(admin), await enter(admin)
    await hub.remove(first)
    await publisher.violation(client_of(admin), admin.msp_id, {"sequence": 1})
    assert (await heard(second))["o"] == 1
    await hub.remove(second)
    await hub.remove(second)
    channels: set[str] = getattr(bus, "_channels", set()) | getattr(bus, "_wanted", set())
    assert of_tenant(client_of(admin)) not in channels
    assert hub.count == 0


async def test_many_sockets_of_one_channel_entering_and_leaving_at_once_miss_nothing(
    hub: Hub, enter: Enter, publisher: Publisher
) -> None:
    client_id, msp_id = uuid7(), uuid7()
    people = [
        Principal("user", uuid7(), None, msp_id, client_id, client_id, of_client().role, uuid7())
        for _ in range(60)
    ]
    sockets = await asyncio.gather(*(enter(person) for person in people))
    leaving, staying = sockets[:30], sockets[30:]
    await asyncio.gather(*(hub.remove(socket) for socket in leaving))
    await publisher.violation(client_id, msp_id, {"sequence": 5})
    assert {(await heard(socket))["o"] for socket in staying} == {5}


async def test_one_session_may_not_hold_sockets_without_bound(hub: Hub, enter: Enter) -> None:
    admin = of_client()
    sockets = [await enter(admin) for _ in range(MOST_PER_SESSION)]
    excess = Connection(admin)
    assert not await hub.add(excess)
    assert excess.outgoing.closed_with is Close.LIMIT
    await hub.remove(excess)
    await hub.remove(sockets[0])
    newcomer = Connection(admin)
    assert await hub.add(newcomer)
    await hub.remove(newcomer)


async def test_a_revoked_session_is_told_and_closed_and_no_other(
    enter: Enter, publisher: Publisher
) -> None:
    admin, colleague = of_client(), of_client()
    mine, other = await enter(admin), await enter(colleague)
    await publisher.revoked(client_of(admin), admin.msp_id, admin.session_id)
    assert (await heard(mine))["t"] == "revoke"
    assert mine.outgoing.closed_with is Close.REVOKED
    assert other.outgoing.closed_with is None


async def test_an_unreadable_message_silences_nothing(
    bus: Bus, enter: Enter, publisher: Publisher
) -> None:
    admin = of_client()
    socket = await enter(admin)
    for payload in (b"", b"\xff", b"{}", b'{"kind":"feed.event","client_id":"x"}'):
        await bus.publish(of_tenant(client_of(admin)), payload)
    await publisher.violation(client_of(admin), admin.msp_id, {"sequence": 1})
    assert (await heard(socket))["o"] == 1


async def test_catching_up_asks_once_for_all_clients_and_tells_only_those_behind(
    hub: Hub, enter: Enter, versions: VersionsInDatabase, forgotten: list[UUID]
) -> None:
    behind, current = of_client(), of_client()
    late, fresh = await enter(behind), await enter(current)
    fresh.offer_policy(client_of(current), 3, "tag")
    assert (await heard(fresh))["o"] == 3
    versions.newest = {client_of(behind): (2, ""), client_of(current): (3, "")}
    await hub.catch_up()
    assert versions.asked == [{client_of(behind), client_of(current)}]
    assert (await heard(late))["d"]["version"] == 2
    assert await everything_sent(fresh) == []
    assert forgotten == [client_of(behind)]


async def test_a_decision_about_ai_services_that_the_bus_lost_is_told_once(
    hub: Hub,
    enter: Enter,
    versions: VersionsInDatabase,
    publisher: Publisher,
    forgotten: list[UUID],
) -> None:
    admin = of_client()
    socket, client_id = await enter(admin), client_of(admin)
    for mark in ("2", "1"):
        await publisher.services_changed(client_id, admin.msp_id, mark)
    assert (await heard(socket))["t"] == "services.changed"
    for mark in ("2", "3"):
        versions.newest = {client_id: (0, mark)}
        await hub.catch_up()
    told = [json.loads(one)["t"] for one in await everything_sent(socket)]
    assert told == ["services.changed"]
    assert forgotten.count(client_id) >= 2


async def test_feeds_catch_up_with_what_the_bus_lost(hub: Hub, enter: Enter) -> None:
    socket = await enter(of_client())
    asked: list[float] = []

    async def read_again(seconds: float) -> None:
        asked.append(seconds)

    socket.catch_up_feed = read_again
    await hub.catch_up()
    (seconds,) = asked
    assert seconds >= 10


async def test_catching_up_that_failed_is_made_up_for(
    bus: Bus, versions: VersionsInDatabase
) -> None:
    admin = of_client()
    socket = Connection(admin)
    socket.wants_policy = True
    versions.newest = {client_of(admin): (4, "")}
    versions.is_away = True
    hub = Hub(bus, versions, lambda _: None, tick_seconds=0.01)
    await hub.start()
    await hub.add(socket)
    with pytest.raises(ConnectionError):
        await hub.catch_up()
    versions.is_away = False
    assert (await heard(socket))["d"]["version"] == 4
    await hub.remove(socket)
    await hub.stop()


async def test_draining_sends_everybody_to_another_process(hub: Hub, enter: Enter) -> None:
    sockets = [await enter(of_client()) for _ in range(3)]

    async def leave(socket: Connection) -> None:
        await socket.outgoing.closed.wait()
        await hub.remove(socket)

    leaving = [asyncio.create_task(leave(socket)) for socket in sockets]
    async with asyncio.timeout(1):
        await hub.drain()
    await asyncio.gather(*leaving)
    assert {socket.outgoing.closed_with for socket in sockets} == {Close.RESTART}
    late = Connection(of_client())
    assert not await hub.add(late)
    assert late.outgoing.closed_with is Close.RESTART
