"""The application and its people, for the rooms that test through HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from tests.integration.served import Household, enrolled, served


@pytest_asyncio.fixture
async def household(owner: Any) -> Household:
    return await Household(owner).write()


@pytest_asyncio.fixture
async def app(owner_url: DatabaseUrl, keys: KeyRing) -> AsyncIterator[Quart]:
    async with served(owner_url, keys) as running:
        yield running


@pytest_asyncio.fixture
async def http(app: Quart) -> HttpClient:
    return app.test_client()


@pytest_asyncio.fixture
async def device(http: HttpClient, household: Household) -> dict[str, Any]:
    return await enrolled(http, household)
