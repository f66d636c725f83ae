"""The document is worth something to a program: examples hold, names are unique, a client works."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from quart import Quart

from backend.api.documentation import is_valid
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.core.urls import DatabaseUrl
from tests.integration.policy.worlds import Client, Msp, World
from tests.integration.served import served

Document = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(owner_url: DatabaseUrl, keys: KeyRing) -> AsyncIterator[Quart]:
    async with served(owner_url, keys) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def document(app: Quart) -> Document:
    answer = await app.test_client().get("/openapi.json")
    found: Document = await answer.get_json()
    return found


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_operation_has_a_name_of_its_own(document: Document) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert sorted(names) == sorted(set(names))


def test_every_json_body_has_an_example_that_satisfies_its_schema(document: Document) -> None:
    parts = {"components": document["components"]}
    wrong = []
    for name, operation in operations(document):
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media_type, content in body.get("content", {}).items():
                if media_type.endswith("json") and not is_valid(
                    content["example"], {**parts, **content["schema"]}
                ):
                    wrong.append(name)
    assert wrong == []


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory, document: Document) -> Iterator[Path]:
    """Give the folder of a typed client, generated from the document."""
    import json

    folder = tmp_path_factory.mktemp("client")
    source, settings = folder / "openapi.json", folder / "settings.yaml"
    source.write_text(json.dumps(document), encoding="utf-8")
    settings.write_text("post_hooks: []\npackage_name_override: quillgate_api\n")
    made = folder / "made"
    command = [
        sys.executable, "-W", "ignore", "-m", "openapi_python_client", "generate", "--path", source,
        "--config", settings, "--meta", "none", "--output-path", made / "quillgate_api",
    ]  # fmt: skip
    made.mkdir()
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    sys.path.insert(0, str(made))
    yield made
    sys.path.remove(str(made))


async def test_a_client_generated_from_it_reads_writes_and_understands_refusals(
    app: Quart, keys: KeyRing, owner: Any, generated: Path
) -> None:
    from quillgate_api import AuthenticatedClient
    from quillgate_api.api.clients import list_clients
    from quillgate_api.api.policies import list_policies, publish_version
    from quillgate_api.models import NewVersion, Problem, PublishedVersion

    world = World(owner)
    msp: Msp = await world.msp()
    client: Client = await world.client(msp)
    token = AccessTokens(keys.access_tokens).issue(msp.principal(), datetime.now(UTC))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost",
        headers={"Authorization": f"Bearer {token}"},
    ) as http:  # fmt: skip
        caller = AuthenticatedClient(base_url="http://localhost", token=token)
        caller.set_async_httpx_client(http)
        page = await list_clients.asyncio(client=caller)
        assert [one.id for one in page.items] == [client.id]
        layers = await list_policies.asyncio(client=caller, client_id=client.id)
        newest = layers.items[-1]
        change = NewVersion.from_dict(
            {"base_version": 1, "reason": "A test", "patch": {"default_action": "flag"}}
        )
        made = await publish_version.asyncio(newest.id, client=caller, body=change)
        assert isinstance(made, PublishedVersion)
        assert made.version == 2
        refused = await publish_version.asyncio(newest.id, client=caller, body=change)
        assert isinstance(refused, Problem)
        assert refused.code == "policy-stale"
    assert generated.is_dir()
