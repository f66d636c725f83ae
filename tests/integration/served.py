"""The whole application against a real database, without a socket between."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.app import create_app
from backend.core.config import Settings
from backend.core.identifiers import uuid7
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.policy.policy import document_etag, written
from backend.services.migration import LOGIN_ROLE
from backend.services.shared_data import template
from tests.hashes import quick_hash

PASSWORD = "correct horse battery staple"
_HASH = quick_hash(PASSWORD)


@asynccontextmanager
async def served(owner_url: DatabaseUrl, keys: KeyRing) -> AsyncIterator[Quart]:
    """Start the application, give it, stop it."""
    master = base64.b64encode(b"m" * 32).decode()
    # Few connections: each is a process of PostgreSQL, and most tests start their own application.
    settings = Settings.from_environment({"MASTER_KEY": master, "DATABASE_POOL_SIZE": "3"})
    app = create_app(settings, keys, owner_url.login(LOGIN_ROLE, keys.database_password).text())
    await app.startup()
    yield app
    await app.shutdown()


class Household:
    """One MSP with one client, an administrator each, and a policy."""

    def __init__(self, owner: Any) -> None:
        self._owner = owner
        self.msp_id, self.client_id = uuid7(), uuid7()
        self.admin = f"admin@{self.client_id.hex}.example"
        self.msp_admin = f"admin@{self.msp_id.hex}.example"

    async def write(self) -> "Household":
        """Write it as the owner."""
        put = self._owner.execute
        await put("INSERT INTO msps VALUES ($1, 'MSP', 'msp')", self.msp_id)
        await put(
            "INSERT INTO clients (tenant_id, msp_id, name, slug) VALUES ($1, $2, 'Clinic', 'c')",
            self.client_id, self.msp_id,
        )  # fmt: skip
        await self.person(self.client_id, self.client_id, self.admin, "client_admin")
        await self.person(self.msp_id, None, self.msp_admin, "msp_admin")
        document = written(template("hipaa").policy.document())
        policy_id = uuid7()
        await put(
            "INSERT INTO policies (tenant_id, id, msp_id, name, template, current_version,"
            " updated_at) VALUES ($1, $2, $3, 'HIPAA', 'hipaa', 1, now())",
            self.client_id, policy_id, self.msp_id,
        )  # fmt: skip
        await put(
            "INSERT INTO policy_versions (tenant_id, policy_id, version, msp_id, document, etag,"
            " reason) VALUES ($1, $2, 1, $3, $4, $5, 'start')",
            self.client_id, policy_id, self.msp_id, document, document_etag(document, 1),
        )  # fmt: skip
        return self

    async def person(self, tenant_id: UUID, client_id: UUID | None, email: str, role: str) -> None:
        """Write one person with the password of all."""
        await self._owner.execute(
            "INSERT INTO users (tenant_id, id, msp_id, client_id, email, display_name, role,"
            " password_hash, second_factor)"
            " VALUES ($1, $2, $3, $4, $5, 'Somebody', $6, $7, 'waived')",
            tenant_id, uuid7(), self.msp_id, client_id, email, role, _HASH,
        )  # fmt: skip


async def sign_in(client: HttpClient, email: str, password: str = PASSWORD) -> Any:
    """Return the answer of a sign-in."""
    return await client.post("/api/v1/auth/login", json={"email": email, "password": password})


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    """Return the header of a token."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def enrolled(client: HttpClient, household: Household) -> dict[str, Any]:
    """Enrol a browser with a fresh code; return what it was given."""
    tokens = await (await sign_in(client, household.admin)).get_json()
    wanted = {"client_id": str(household.client_id), "uses": 1, "expires_in_hours": 1}
    made = await client.post("/api/v1/enrolment/codes", json=wanted, headers=bearer(tokens))
    assert made.status_code == 201, await made.get_data()
    code = (await made.get_json())["code"]
    about = {"code": code, "name": "Test", "browser": "Chromium", "extension_version": "0.1.0"}
    answer = await client.post("/api/v1/enrolment/devices", json=about)
    assert answer.status_code == 201
    device: dict[str, Any] = await answer.get_json()
    return device | {"code": code}
