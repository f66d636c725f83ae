"""Frames of one socket: in order, bounded, never waiting for a peer that does not read."""

import asyncio

import pytest

from backend.live.messages import LARGEST_OUT, Close
from backend.live.outgoing import MOST_FRAMES, Outgoing


async def test_frames_come_out_in_the_order_they_were_put() -> None:
    outgoing = Outgoing()
    outgoing.put("one")
    outgoing.put("two")
    assert [await outgoing.next(), await outgoing.next()] == ["one", "two"]


async def test_next_waits_for_a_frame() -> None:
    outgoing = Outgoing()
    waiting = asyncio.create_task(outgoing.next())
    await asyncio.sleep(0)
    outgoing.put("late")
    assert await asyncio.wait_for(waiting, 1) == "late"


async def test_what_waits_is_sent_before_an_ordinary_close() -> None:
    outgoing = Outgoing()
    outgoing.put("last words")
    outgoing.close(Close.RESTART)
    outgoing.put("too late")
    assert [await outgoing.next(), await outgoing.next()] == ["last words", None]


@pytest.mark.parametrize("letter", ["x", "ß"])
async def test_more_than_256_kib_waiting_closes_the_socket_as_slow(letter: str) -> None:
    outgoing = Outgoing()
    frame = letter * (LARGEST_OUT // len(letter.encode()))
    outgoing.put(frame)
    reasons = [outgoing.closed_with]
    outgoing.put("!")
    reasons.append(outgoing.closed_with)
    assert reasons == [None, Close.SLOW]
    assert await outgoing.next() is None


async def test_too_many_small_frames_close_the_socket_as_slow() -> None:
    outgoing = Outgoing()
    for _ in range(MOST_FRAMES + 1):
        outgoing.put("x")
    assert outgoing.closed_with is Close.SLOW


async def test_sent_frames_make_room_again() -> None:
    outgoing = Outgoing()
    for _ in range(10 * MOST_FRAMES):
        outgoing.put("x" * 100)
        await outgoing.next()
    assert (outgoing.closed_with, outgoing.waiting_bytes) == (None, 0)


async def test_the_first_reason_to_close_stands() -> None:
    outgoing = Outgoing()
    outgoing.close(Close.REVOKED)
    outgoing.close(Close.SLOW)
    assert outgoing.closed_with is Close.REVOKED


async def test_an_unsent_frame_gives_way_to_a_newer_one_of_its_key() -> None:
    outgoing = Outgoing()
    outgoing.put_newest("lakeside", "version 7")
    outgoing.put_newest("harbor", "version 2")
    outgoing.put_newest("lakeside", "version 8")
    outgoing.close(Close.RESTART)
    sent = [await outgoing.next() for _ in range(3)]
    assert sent == ["version 8", "version 2", None]


async def test_a_patient_sender_waits_until_the_peer_has_read() -> None:
    outgoing = Outgoing()
    big = "x" * (LARGEST_OUT // 2)
    await outgoing.put_when_room(big)
    waiting = asyncio.create_task(outgoing.put_when_room(big))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    assert await outgoing.next() == big
    await asyncio.wait_for(waiting, 1)
    assert outgoing.closed_with is None


async def test_a_patient_sender_is_let_go_when_the_socket_closes() -> None:
    outgoing = Outgoing()
    await outgoing.put_when_room("x" * (LARGEST_OUT // 2))
    waiting = asyncio.create_task(outgoing.put_when_room("more"))
    await asyncio.sleep(0)
    outgoing.close(Close.RESTART)
    await asyncio.wait_for(waiting, 1)
    assert outgoing.waiting_bytes == LARGEST_OUT // 2
