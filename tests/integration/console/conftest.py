"""The whole application on a real database, and people who may look at it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from asyncpg import Connection
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.app import create_app
from backend.core.config import Settings
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE
from tests.hashes import quick_hash
from tests.integration.policy.worlds import Client, Msp, World

SITE = "http://127.0.0.1:8080"
PASSWORD = "a-long-enough-password"
Visit = Callable[[Principal], HttpClient]
NewPassword = Callable[[Principal], Awaitable[str]]


def cookie_of(keys: KeyRing, who: Principal) -> str:
    """Return what the cookie of somebody who is signed in holds."""
    return AccessTokens(keys.access_tokens).issue(who, datetime.now(UTC))


@pytest.fixture
def world(owner: "Connection[Any]") -> World:
    return World(owner)


@pytest.fixture
async def msp(world: World) -> Msp:
    return await world.msp()


@pytest.fixture
async def client(world: World, msp: Msp) -> Client:
    return await world.client(msp)


@asynccontextmanager
async def console(owner_url: DatabaseUrl, keys: KeyRing, folder: Path) -> AsyncIterator[Quart]:
    """Start the application, give it, stop it."""
    settings = Settings.from_environment({"DATA_DIR": str(folder), "PUBLIC_URL": SITE})
    app = create_app(settings, keys, owner_url.login(LOGIN_ROLE, keys.database_password).text())
    async with app.test_app():
        yield app


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(
    owner_url: DatabaseUrl, keys: KeyRing, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Quart]:
    """Serve all of a file; what counts sign-ins or loses its database starts its own."""
    async with console(owner_url, keys, tmp_path_factory.mktemp("console")) as running:
        yield running


@pytest.fixture
def visit(app: Quart, keys: KeyRing) -> Visit:
    """Give browsers of people: the cookie of a principal is already there."""

    def browser(who: Principal) -> HttpClient:
        http = app.test_client()
        http.set_cookie("localhost", "qg_console", cookie_of(keys, who), path="/console")
        return http

    return browser


@pytest.fixture
def stranger(visit: Visit, msp: Msp) -> HttpClient:
    """Give a browser without any cookie."""
    http = visit(msp.principal())
    http.delete_cookie("localhost", "qg_console", path="/console")
    return http


@pytest.fixture
def new_password(owner: "Connection[Any]") -> NewPassword:
    """Give an account a password; return its e-mail address."""

    async def give(who: Principal) -> str:
        await owner.execute(
            "UPDATE users SET password_hash = $2, status = 'active', second_factor = 'waived'"
            " WHERE id = $1",
            who.user_id, quick_hash(PASSWORD),
        )  # fmt: skip
        return f"{who.user_id}@example.org"

    return give
