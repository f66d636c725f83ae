"""What was read for a client is kept a moment, for its MSP only, and never past an invalidation."""

import asyncio
from uuid import UUID

from backend.core.scope import Acting, Scope
from backend.services import client_cache
from backend.services.client_cache import ClientCache

CLIENT, OTHER = UUID(int=1), UUID(int=2)
MSP, OTHER_MSP = (Scope.tenant(CLIENT, UUID(int=number)) for number in (3, 4))


class Reader:
    """Counts how often it is asked; answers with that count."""

    def __init__(self) -> None:
        self.readings = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self) -> int:
        self.readings += 1
        reading = self.readings
        await self.may_answer.wait()
        return reading


class Moment:
    """A clock that stands until told otherwise."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_the_second_caller_gets_the_kept_value() -> None:
    cache, read = ClientCache[int](Moment()), Reader()
    assert [await cache.get(CLIENT, MSP, read) for _ in range(3)] == [1, 1, 1]


async def test_a_value_is_read_again_after_thirty_seconds() -> None:
    moment, read = Moment(), Reader()
    cache = ClientCache[int](moment)
    await cache.get(CLIENT, MSP, read)
    moment.seconds = 29.9
    assert await cache.get(CLIENT, MSP, read) == 1
    moment.seconds = 30.0
    assert await cache.get(CLIENT, MSP, read) == 2


async def test_another_msp_never_gets_what_was_read_for_this_one() -> None:
    cache, read = ClientCache[int](Moment()), Reader()
    await cache.get(CLIENT, MSP, read)
    assert await cache.get(CLIENT, OTHER_MSP, read) == 2


async def test_an_invalidated_client_is_read_again_and_others_are_not() -> None:
    cache, read = ClientCache[int](Moment()), Reader()
    await cache.get(CLIENT, MSP, read)
    await cache.get(OTHER, MSP, read)
    cache.invalidate(CLIENT)
    assert await cache.get(CLIENT, MSP, read) == 3
    assert await cache.get(OTHER, MSP, read) == 2


async def test_what_was_being_read_during_an_invalidation_is_not_kept() -> None:
    cache, read = ClientCache[int](Moment()), Reader()
    read.may_answer.clear()
    reading = asyncio.create_task(cache.get(CLIENT, MSP, read))
    await asyncio.sleep(0)
    cache.invalidate(CLIENT)
    read.may_answer.set()
    assert await reading == 1
    assert await cache.get(CLIENT, MSP, read) == 2


async def test_many_callers_at_once_cause_one_reading() -> None:
    cache, read = ClientCache[int](Moment()), Reader()
    read.may_answer.clear()
    readings = [asyncio.create_task(cache.get(CLIENT, MSP, read)) for _ in range(20)]
    await asyncio.sleep(0)
    read.may_answer.set()
    assert await asyncio.gather(*readings) == [1] * 20


async def test_the_cache_stays_bounded() -> None:
    cache, read = ClientCache[int](Moment()), Reader()
    for number in range(client_cache.MOST_CLIENTS + 1):
        await cache.get(UUID(int=number), MSP, read)
    before = read.readings
    assert await cache.get(UUID(int=client_cache.MOST_CLIENTS), MSP, read) == before
    assert await cache.get(UUID(int=0), MSP, read) == before + 1


async def test_staff_of_an_msp_are_never_given_what_somebody_else_read() -> None:
    cache, read = ClientCache[int](Moment()), Reader()
    await cache.get(CLIENT, MSP, read)
    staff = MSP.by(Acting.STAFF, UUID(int=9))
    assert [await cache.get(CLIENT, staff, read) for _ in range(2)] == [2, 3]
    assert await cache.get(CLIENT, MSP, read) == 1
