"""One world for all attacks: each is rolled back, so none can spoil it for the next."""

from typing import Any

import pytest_asyncio
from asyncpg import Connection

from tests.factories import World, make_world


@pytest_asyncio.fixture(scope="session")
async def world(owner: "Connection[Any]") -> World:
    return await make_world(owner)
