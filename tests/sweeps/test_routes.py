"""Every route is guarded or meant to be public, documented, and answers problems as problems."""

import base64
import re
from pathlib import Path

import httpx
import pytest
from quart import Quart

from backend.api.authentication import PERMISSION, PUBLIC
from backend.api.v1 import router
from backend.app import create_app
from backend.core.config import Settings
from backend.core.permissions import PERMISSIONS
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE

# What anybody may call, each with its reason. A new public route must be added here on purpose.
MEANT_TO_BE_PUBLIC = {
    "auth.login": "nobody is signed in yet",
    "auth.refresh": "the refresh token is the proof",
    "auth.logout": "the refresh token is the proof",
    "deployment.show_package": "a browser's own updates ask without a token; nothing is secret",
    "deployment.show_updates": "a browser's own updates ask without a token; nothing is secret",
    "deployment.download_package": "a browser's own updates ask without a token; nothing is secret",
    "invitations.accept_invitation": "the link of the mail is the proof",
    "password_resets.request_password_reset": "nobody can sign in who has forgotten how",
    "password_resets.confirm_password_reset": "the link of the mail is the proof",
    "enrolment.enrol_device": "the code is the proof",
    "live.live": "the token comes in the first message",
    "health.live": "a load balancer asks",
    "health.ready": "a load balancer asks",
    "health.metrics": "counts only",
    "openapi": "the description of the API",
}
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def app(owner_url: DatabaseUrl, keys: KeyRing) -> Quart:
    settings = Settings.from_environment({"MASTER_KEY": base64.b64encode(b"m" * 32).decode()})
    login = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    return create_app(settings, keys, login)


def test_every_route_is_guarded_or_meant_to_be_public(app: Quart) -> None:
    known = {permission for held in PERMISSIONS.values() for permission in held}
    for endpoint, handler in app.view_functions.items():
        if endpoint.startswith("console."):
            continue  # the console's own sweep is tests/integration/console
        permission = getattr(handler, PERMISSION, None)
        if permission == PUBLIC or endpoint == "openapi":
            assert endpoint in MEANT_TO_BE_PUBLIC, f"{endpoint} is public and nobody said why"
        else:
            assert permission in known, f"{endpoint} asks for {permission}"


def test_every_endpoint_file_is_registered() -> None:
    folder = Path(router.__file__).parent / "endpoints"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {module.blueprint.name for module in router.ENDPOINTS} == files


async def test_the_openapi_document_names_every_route_with_its_file_and_its_problems(
    app: Quart,
) -> None:
    client = app.test_client()
    document = await (await client.get("/openapi.json")).get_json()
    documented = set(document["paths"])
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and not rule.websocket:
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            assert path in documented, path
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert len(operation["tags"]) == 1, path
            assert "application/problem+json" in operation["responses"]["default"]["content"]


async def test_without_a_token_every_guarded_route_answers_401_as_a_problem(app: Quart) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        handler = app.view_functions[rule.endpoint]
        if not rule.rule.startswith("/api/") or getattr(handler, PERMISSION, PUBLIC) == PUBLIC:
            continue
        path = re.sub(r"<[^>]+>", "00000000-0000-0000-0000-000000000001", rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = await client.open(path, method=method, json={})
            assert answer.status_code == httpx.codes.UNAUTHORIZED, (method, path)
            assert answer.content_type == "application/problem+json"


async def test_what_is_not_there_is_a_problem_with_security_headers(app: Quart) -> None:
    answer = await app.test_client().get("/nothing")
    assert answer.status_code == httpx.codes.NOT_FOUND
    problem = await answer.get_json()
    assert problem["code"] == "not-found"
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers


def test_every_setting_is_in_the_readme() -> None:
    missing = [
        name.upper() for name in Settings.__dataclass_fields__ if f"`{name.upper()}`" not in README
    ]
    assert missing == []
