"""Clients from before the random half of their keys get one at the next start, where they can."""

from typing import Any

from asyncpg import Connection

from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import Migration
from tests.integration.policy.worlds import World


async def test_a_client_of_before_gets_a_random_half_unless_its_known_values_need_the_old_key(
    owner: "Connection[Any]", owner_url: DatabaseUrl, keys: KeyRing
) -> None:
    world = World(owner)
    msp = await world.msp()
    plain = await world.client(msp, "Plain")
    listing = await world.client(msp, "Listing", custom={"values": [{"digests": ["ab" * 16]}]})
    gone = await world.client(msp, "Gone")
    await owner.execute(
        "UPDATE tenant_keys SET salt = '' WHERE tenant_id = ANY ($1)", [plain.id, listing.id]
    )
    await owner.execute(
        "UPDATE tenant_keys SET salt = NULL, destroyed_at = now() WHERE tenant_id = $1", gone.id
    )

    async def halves() -> list[bytes | None]:
        rows = {
            row["tenant_id"]: row["salt"]
            for row in await owner.fetch("SELECT tenant_id, salt FROM tenant_keys")
        }
        return [rows[one.id] for one in (plain, listing, gone)]

    await Migration(owner_url, keys).apply()
    first = await halves()
    assert first[0] is not None
    assert (len(first[0]), *first[1:]) == (32, b"", None)
    await Migration(owner_url, keys).apply()
    assert await halves() == first
