"""The whole application, three clients of two MSPs, and everybody who may call."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from quart import Quart

from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from tests.isolation.neighbours import Neighbours, make_neighbours

Call = Callable[..., Awaitable[tuple[int, Any]]]


@pytest_asyncio.fixture
async def around(owner: Any) -> Neighbours:
    return await make_neighbours(owner)


@pytest.fixture
def call(app: Quart, keys: KeyRing) -> Call:
    """Give what calls the API as somebody who showed a second factor just now."""

    async def called(
        who: Principal, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any]:
        now = datetime.now(UTC)
        shown = replace(who, stepped_up_at=int(now.timestamp()))
        token = AccessTokens(keys.access_tokens).issue(shown, now)
        answer = await app.test_client().open(
            f"/api/v1{path}", method=method, json=body,
            headers={"Authorization": f"Bearer {token}"}
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip
        is_json = (answer.content_type or "").endswith(("/json", "+json"))
        return answer.status_code, await (answer.get_json() if is_json else answer.get_data(True))

    return called
