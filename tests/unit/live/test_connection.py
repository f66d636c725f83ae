"""What one socket is told: policies forward only, events once, history before news."""

import json

from backend.core.identifiers import uuid7
from backend.live.connection import MOST_HELD, MOST_REMEMBERED, Connection
from backend.live.messages import Close
from tests.unit.live.people import everything_sent, of_client, of_msp


async def test_an_older_policy_is_never_told_after_a_newer_one() -> None:
    person = of_client()
    assert person.client_id
    socket = Connection(person)
    socket.wants_policy = True
    socket.offer_policy(person.client_id, 8, "eight")
    socket.offer_policy(person.client_id, 7, "seven")
    (frame,) = await everything_sent(socket)
    assert json.loads(frame)["d"] == {
        "version": 8, "etag": "eight", "client_id": str(person.client_id),
    }  # fmt: skip


async def test_policies_of_two_clients_do_not_replace_each_other() -> None:
    socket = Connection(of_msp())
    socket.wants_policy = True
    socket.offer_policy(uuid7(), 3, "a")
    socket.offer_policy(uuid7(), 1, "b")
    assert len(await everything_sent(socket)) == 2


async def test_who_did_not_ask_for_policies_hears_of_none() -> None:
    socket = Connection(of_client())
    socket.offer_policy(uuid7(), 1, "a")
    assert await everything_sent(socket) == []


async def test_the_same_event_is_told_once() -> None:
    socket, client_id = Connection(of_client()), uuid7()
    socket.release()
    socket.send_event("event 5", client_id, 5)
    socket.send_event("event 5 again", client_id, 5)
    assert await everything_sent(socket) == ["event 5"]


async def test_an_event_that_overtook_another_hides_it_from_nobody() -> None:
    socket, client_id = Connection(of_client()), uuid7()
    socket.release()
    socket.send_event("event 6", client_id, 6)
    socket.send_event("event 5", client_id, 5)
    assert await everything_sent(socket) == ["event 6", "event 5"]


async def test_events_of_two_clients_may_share_an_offset() -> None:
    socket = Connection(of_msp())
    socket.release()
    socket.send_event("a", uuid7(), 1)
    socket.send_event("b", uuid7(), 1)
    assert await everything_sent(socket) == ["a", "b"]


async def test_news_wait_until_history_is_told_and_repeat_none_of_it() -> None:
    socket, client_id = Connection(of_client()), uuid7()
    socket.send_event("live 2", client_id, 2)
    socket.send_event("live 3", client_id, 3)
    await socket.replay_event("past 1", client_id, 1)
    await socket.replay_event("past 2", client_id, 2)
    socket.release()
    assert await everything_sent(socket) == ["past 1", "past 2", "live 3"]


async def test_too_much_news_during_history_closes_the_socket() -> None:
    socket, client_id = Connection(of_client()), uuid7()
    for offset in range(MOST_HELD + 1):
        socket.send_event("x", client_id, offset)
    assert socket.outgoing.closed_with is Close.SLOW


async def test_memory_of_told_events_is_bounded() -> None:
    socket, client_id = Connection(of_client()), uuid7()
    socket.release()
    for offset in range(MOST_REMEMBERED + 500):
        socket.send_event("x", client_id, offset)
        assert await socket.outgoing.next() == "x"
    assert len(socket._told_set) == MOST_REMEMBERED  # noqa: SLF001 -- the bound is the promise
