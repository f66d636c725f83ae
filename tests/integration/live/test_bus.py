"""Hints between processes, with Redis there, away, hanging and back again."""

import asyncio
import signal
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from redis.asyncio import Redis

from backend.core.bus import Bus, InProcessBus
from backend.core.redis_bus import RedisBus
from tests.integration.live.conftest import BUS_KEY, OwnRedis, until

PAST_ORDER = 500


class Heard:
    """Everything a bus delivers, as it comes."""

    def __init__(self, bus: Bus) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self._task = asyncio.create_task(self._listen(bus))

    async def _listen(self, bus: Bus) -> None:
        async for message in bus.messages():
            self.messages.append(message)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture
async def heard(bus: Bus) -> AsyncIterator[Heard]:
    heard = Heard(bus)
    yield heard
    await heard.stop()


@pytest.fixture
async def far(own_redis: OwnRedis) -> AsyncIterator[RedisBus]:
    """Return the bus of another process."""
    bus = RedisBus(own_redis.url, BUS_KEY)
    await bus.open()
    await until(lambda: bus.is_healthy)
    yield bus
    await bus.close()


@pytest.fixture
async def near(own_redis: OwnRedis) -> AsyncIterator[RedisBus]:
    """Return the bus of this process."""
    bus = RedisBus(own_redis.url, BUS_KEY)
    await bus.open()
    await until(lambda: bus.is_healthy)
    yield bus
    await bus.close()


async def test_a_subscriber_hears_its_channel_once_and_no_other(bus: Bus, heard: Heard) -> None:
    await bus.subscribe("a")
    await bus.publish("b", b"not for us")
    await bus.publish("a", b"for us")
    await until(lambda: bool(heard.messages))
    await asyncio.sleep(0.1)
    assert heard.messages == [("a", b"for us")]


async def test_after_unsubscribing_nothing_comes(bus: Bus, heard: Heard) -> None:
    await bus.subscribe("a")
    await bus.subscribe("end")
    await bus.unsubscribe("a")
    await bus.publish("a", b"too late")
    await bus.publish("end", b"")
    await until(lambda: bool(heard.messages))
    assert heard.messages == [("end", b"")]


async def test_messages_keep_their_order(bus: Bus, heard: Heard) -> None:
    await bus.subscribe("a")
    for number in range(PAST_ORDER):
        await bus.publish("a", number.to_bytes(2))
    await until(lambda: len(heard.messages) == PAST_ORDER)
    assert all(earlier[1] < later[1] for earlier, later in pairwise(heard.messages))


async def test_closing_ends_the_messages(bus: Bus) -> None:
    await bus.close()
    async with asyncio.timeout(2):
        assert [message async for message in bus.messages()] == []


async def test_an_overflow_is_told() -> None:
    bus = InProcessBus(most_waiting=2)
    told: list[bool] = []

    async def tell() -> None:
        told.append(True)

    bus.on_reconnect(tell)
    await bus.subscribe("a")
    for _ in range(3):
        await bus.publish("a", b"x")
    heard = Heard(bus)
    await until(lambda: bool(told))
    assert (len(heard.messages), told) == (2, [True])
    await heard.stop()


async def test_what_one_process_says_reaches_another(near: RedisBus, far: RedisBus) -> None:
    heard = Heard(near)
    await near.subscribe("a")
    await far.publish("a", b"from afar")
    await until(lambda: bool(heard.messages))
    assert heard.messages == [("a", b"from afar")]
    await heard.stop()


async def test_what_somebody_else_writes_into_redis_or_moves_to_another_channel_is_not_heard(
    own_redis: OwnRedis, near: RedisBus, far: RedisBus
) -> None:
    heard = Heard(near)
    for channel in ("a", "b", "end"):
        await near.subscribe(channel)
    redis = Redis.from_url(own_redis.url)
    seen = redis.pubsub()
    await seen.subscribe("a")
    await far.publish("a", b"ours")
    moved = await anext(one["data"] async for one in seen.listen() if one["type"] == "message")
    for channel, forged in (
        ("b", moved), ("a", b"o" * 16 + b"forged"), ("a", b"o" * 32 + b"forged"), ("a", b""),
        ("a", moved[:-1] + b"X"), ("a", b"o" * 16 + moved[16:]),
    ):  # fmt: skip
        await redis.publish(channel, forged)
    await seen.aclose()
    await redis.aclose()
    await far.publish("end", b"")
    await until(lambda: ("end", b"") in heard.messages)
    assert heard.messages == [("a", b"ours"), ("end", b"")]
    await heard.stop()


async def test_a_channel_is_live_as_soon_as_subscribing_returns(
    near: RedisBus, far: RedisBus
) -> None:
    heard = Heard(near)
    for number in range(50):
        await near.subscribe(f"channel-{number}")
        await far.publish(f"channel-{number}", b"")
    await until(lambda: len(heard.messages) >= 50)
    assert [channel for channel, _ in heard.messages] == [f"channel-{n}" for n in range(50)]
    await heard.stop()


async def test_a_bus_without_redis_still_serves_its_own_process(own_redis: OwnRedis) -> None:
    own_redis.stop()
    bus = RedisBus(own_redis.url, BUS_KEY)
    await bus.open()
    heard = Heard(bus)
    await bus.subscribe("a")
    await bus.publish("a", b"at home")
    await until(lambda: heard.messages == [("a", b"at home")])
    assert not bus.is_healthy
    await heard.stop()
    await bus.close()


async def test_after_an_outage_subscriptions_return_and_the_loss_is_told(
    own_redis: OwnRedis, near: RedisBus, far: RedisBus
) -> None:
    told: list[bool] = []

    async def tell() -> None:
        told.append(True)

    near.on_reconnect(tell)
    heard = Heard(near)
    await near.subscribe("a")
    own_redis.stop()
    await until(lambda: not near.is_healthy)
    await near.subscribe("wanted meanwhile")
    await own_redis.start()
    await until(lambda: near.is_healthy and far.is_healthy and bool(told), 20)
    await far.publish("a", b"one")
    await far.publish("wanted meanwhile", b"two")
    await until(lambda: len(heard.messages) >= 2)
    assert heard.messages == [("a", b"one"), ("wanted meanwhile", b"two")]
    await heard.stop()


async def test_what_was_said_during_an_outage_arrives_whole_or_not_at_all(
    own_redis: OwnRedis, near: RedisBus, far: RedisBus
) -> None:
    heard = Heard(near)
    await near.subscribe("a")
    own_redis.stop()
    await until(lambda: not near.is_healthy)
    for number in range(5):
        await far.publish("a", number.to_bytes())
    await asyncio.sleep(0.3)
    assert not heard.messages
    await own_redis.start()
    await until(lambda: far.is_healthy, 20)
    await near.publish("b", b"")
    await asyncio.sleep(0.5)
    # Redis keeps nothing: who was not back yet missed it, and was told so.
    assert [data for _, data in heard.messages] in ([], [n.to_bytes() for n in range(5)])
    await heard.stop()


async def test_publishing_and_subscribing_do_not_wait_for_a_redis_that_hangs(
    own_redis: OwnRedis, near: RedisBus
) -> None:
    assert own_redis.process
    own_redis.process.send_signal(signal.SIGSTOP)
    async with asyncio.timeout(20):
        for number in range(1000):
            await near.publish("a", number.to_bytes(2))
        for number in range(20):
            await near.subscribe(f"channel-{number}")
    own_redis.process.send_signal(signal.SIGCONT)
    await until(lambda: near.is_healthy, 20)


async def test_a_call_that_fails_stops_nothing(own_redis: OwnRedis, near: RedisBus) -> None:
    told: list[bool] = []

    async def fail() -> None:
        raise ConnectionError

    async def tell() -> None:
        told.append(True)

    near.on_reconnect(fail)
    near.on_reconnect(tell)
    own_redis.stop()
    await until(lambda: not near.is_healthy)
    await own_redis.start()
    await until(lambda: bool(told) and near.is_healthy, 20)
    assert told
