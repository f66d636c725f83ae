"""Every operation, called by everybody about their own, a neighbour's and a stranger's client."""

import base64
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from quart import Quart

from backend.api.authentication import STEP_UP
from backend.app import create_app
from backend.core.config import Settings
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE
from tests.isolation.neighbours import Neighbours, make_neighbours
from tests.isolation.routes import CALLERS, NO_EXPORTS, OPERATIONS, PUBLIC, Operation


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(owner_url: DatabaseUrl, keys: KeyRing) -> AsyncIterator[Quart]:
    settings = Settings.from_environment({"MASTER_KEY": base64.b64encode(b"m" * 32).decode()})
    made = create_app(settings, keys, owner_url.login(LOGIN_ROLE, keys.database_password).text())
    await made.startup()
    yield made
    await made.shutdown()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def unchanging(owner: Any) -> Neighbours:
    return await make_neighbours(owner)


def filled(content: Any, names: dict[str, str]) -> Any:
    """Return a path or body with its names filled in."""
    if isinstance(content, dict):
        return {key: filled(value, names) for key, value in content.items()}
    if isinstance(content, list):
        return [filled(value, names) for value in content]
    return content.format(**names) if isinstance(content, str) else content


async def called(
    app: Quart, keys: KeyRing, who: Principal, method: str, path: str, body: Any
) -> tuple[str, str]:
    """Return the letter an answer comes to, and the answer."""
    token = AccessTokens(keys.access_tokens).issue(who, datetime.now(UTC))
    headers = {"Authorization": f"Bearer {token}"}
    content: dict[str, Any] = {"json": body}
    if isinstance(body, str):
        content = {"data": body}
        headers["Content-Type"] = "text/csv"
    answer = await app.test_client().open(path, method=method.upper(), headers=headers, **content)
    text = bytes(await answer.get_data(as_text=False)).decode(errors="replace")
    status = answer.status_code
    if 200 <= status < 300:
        return "." if '"items":[]' in text else "+", text
    word = {401: "w", 403: "x", 404: ".", 409: "!", 412: "!"}.get(status)
    return word or f"<{status} {text}>", text


def without(text: str, names: dict[str, str]) -> str:
    """Return an answer without what it was asked about and the request's own id."""
    for value in names.values():
        text = text.replace(value, "ID")
    return re.sub(r'"request_id":\s*"[^"]+"', "", text)


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
async def test_an_operation_answers_whom_it_should_and_tells_nobody_of_a_foreign_client(
    app: Quart, keys: KeyRing, owner: Any, unchanging: Neighbours, operation: tuple[str, str],
    caller: str,
) -> None:  # fmt: skip
    method, expected = operation[0], OPERATIONS[operation]
    letters = expected.answers.split()[CALLERS.index(caller)]
    # What is refused changes nothing; if it were not, the letters would tell.
    is_harmless = method == "get" or set(letters) <= {"x", "."}
    around = unchanging if is_harmless else await make_neighbours(owner)
    who = replace(around.callers[caller], stepped_up_at=int(datetime.now(UTC).timestamp()))
    targets = around.clients if expected.names_a_client else (around.own,)
    assert len(letters) == len(targets)
    found = ""
    for target in targets:
        names = around.made[target.id]
        path, body = filled(expected.path, names), filled(expected.body, names)
        letter, text = await called(app, keys, who, method, path, body)
        found += letter
        if letter == "." and expected.names_a_client and target is not around.own:
            never = {name: str(uuid7()) for name in names}
            absent = await called(
                app, keys, who, method, filled(expected.path, never), filled(expected.body, never)
            )
            assert without(absent[1], never) == without(text, names), "foreign differs from absent"
        for foreign in around.foreign_to(caller):
            for secret in (str(foreign.id), foreign.name, f"{foreign.admin_id}@example.org"):
                assert secret not in text, f"told about {foreign.name}"
    assert found == letters


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
async def test_who_may_is_asked_for_a_fresh_second_factor_where_files_or_keys_are_handed_out(
    app: Quart, keys: KeyRing, unchanging: Neighbours, operation: tuple[str, str]
) -> None:
    method, expected = operation[0], OPERATIONS[operation]
    names = unchanging.made[unchanging.own.id]
    if not expected.needs_step_up:
        return
    asking = expected.asking or expected
    path, body = filled(asking.path, names), filled(asking.body, names)
    long_ago = int(datetime.now(UTC).timestamp()) - 301
    for shown in (None, long_ago):
        who = replace(unchanging.callers["msp_admin"], stepped_up_at=shown)
        letter, text = await called(app, keys, who, method, path, body)
        assert (letter, json.loads(text)["code"]) == ("x", "step-up-required")
        assert json.loads(text)["step_up"] == "/api/v1/auth/step-up"


async def test_what_hands_out_a_file_or_a_secret_asks_for_a_fresh_second_factor(
    app: Quart,
) -> None:
    """A new export fails here until it asks, and until routes.py says so too."""
    asks = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
        if getattr(app.view_functions[rule.endpoint], STEP_UP, False)
        and not rule.endpoint.startswith("console.")
    }
    assert asks == {name for name, one in OPERATIONS.items() if one.needs_step_up}
    document = await (await app.test_client().get("/openapi.json")).get_json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            types = {kind for one in operation["responses"].values() for kind in one["content"]}
            is_file = types - {"application/json", "application/problem+json"}
            if is_file and (method, path) not in {*asks, *NO_EXPORTS, *PUBLIC}:
                pytest.fail(f"{method} {path} hands out {is_file} without a second factor")


async def test_every_operation_of_the_api_is_expected(app: Quart) -> None:
    document = await (await app.test_client().get("/openapi.json")).get_json()
    there = {
        (method, path) for path, operations in document["paths"].items() for method in operations
    }
    assert there - OPERATIONS.keys() - PUBLIC == set(), "say in routes.py who gets what"
    assert (OPERATIONS.keys() | PUBLIC) - there == set()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda one: one.path)
def test_an_expectation_has_a_word_for_every_caller(operation: Operation) -> None:
    words = operation.answers.split()
    assert len(words) == len(CALLERS)
    assert {len(word) for word in words} == {3 if operation.names_a_client else 1}
