"""What is put on the bus, and for whom."""

from collections.abc import AsyncIterator

import pytest

from backend.core.bus import InProcessBus
from backend.core.identifiers import uuid7
from backend.live.announcements import understood
from backend.live.channels import ALL_POLICIES, of_msp, of_tenant
from backend.live.publisher import Publisher

CLIENT, MSP = uuid7(), uuid7()


@pytest.fixture
async def bus() -> AsyncIterator[InProcessBus]:
    bus = InProcessBus()
    for channel in (ALL_POLICIES, of_tenant(CLIENT), of_msp(MSP)):
        await bus.subscribe(channel)
    yield bus
    await bus.close()


async def heard(bus: InProcessBus, count: int) -> list[tuple[str, bytes]]:
    messages = bus.messages()
    return [await anext(messages) for _ in range(count)]


async def test_those_who_keep_policies_hear_of_a_change_before_any_socket(
    bus: InProcessBus,
) -> None:
    await Publisher(bus).policy_changed(CLIENT, MSP, 8, "tag")
    messages = await heard(bus, 3)
    assert [channel for channel, _ in messages] == [ALL_POLICIES, of_tenant(CLIENT), of_msp(MSP)]
    change = understood(messages[0][1])
    assert (change.kind, change.client_id, change.offset, change.etag) == (
        "policy.changed", CLIENT, 8, "tag",
    )  # fmt: skip


async def test_a_violation_reaches_the_client_and_its_msp(bus: InProcessBus) -> None:
    await Publisher(bus).violation(CLIENT, MSP, {"sequence": 41, "kinds": {"US_SSN": 1}})
    messages = await heard(bus, 2)
    assert [channel for channel, _ in messages] == [of_tenant(CLIENT), of_msp(MSP)]
    event = understood(messages[1][1])
    assert (event.offset, bytes(event.content)) == (41, b'{"sequence":41,"kinds":{"US_SSN":1}}')


async def test_a_revocation_names_whom_it_concerns(bus: InProcessBus) -> None:
    session = uuid7()
    await Publisher(bus).revoked(CLIENT, MSP, session)
    (_, payload), _ = await heard(bus, 2)
    assert understood(payload).subject == session
