"""The application and its people, for the rooms that test through HTTP."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from tests.conftest import free_port
from tests.integration.served import Household, enrolled, served

PROVIDER = Path(__file__).parent / "identity" / "openid_provider.py"


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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def issuer() -> AsyncIterator[str]:
    """Give the address of a real OpenID provider on this machine."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROVIDER), str(port), stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient() as http:
        for _ in range(200):
            try:
                await http.get(f"{address}/keys")
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
    yield address
    process.terminate()
    await process.wait()
