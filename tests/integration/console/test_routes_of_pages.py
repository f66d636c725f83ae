"""Every page is guarded or meant to be public; a session is asked for, and a permission."""

import re

import httpx
import pytest
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.console.visitors import ANY_VISITOR, OWN_ACCOUNT, PERMISSION, PUBLIC, STEP_UP
from backend.core.permissions import PERMISSIONS, Role
from tests.integration.console.conftest import SITE, Visit
from tests.integration.policy.worlds import Client

# What anybody may open, each with its reason. A new public page must be added here on purpose.
MEANT_TO_BE_PUBLIC = {
    "console.static": "style and scripts hold nothing about anybody",
    "console.sign_in": "nobody is signed in yet",
    "console.signed_in": "nobody is signed in yet",
    "console.sign_out": "the refresh cookie is the proof",
    "console.forgotten": "nobody can sign in who has forgotten how",
    "console.asked": "the same",
    "console.new_password": "the link of the mail is the proof",
    "console.new_password_chosen": "the same",
    "console.invitation": "the same",
    "console.invitation_accepted": "the same",
    "console.through": "nobody is signed in yet",
    "console.through_wanted": "the same, asked first",
    "console.came_back": "the provider's answer is the proof",
    "console.code_given": "the provider's word and a code are the proof",
    "console.outbox": "of a demonstration, to its own machine, without real addresses",
    "console.nowhere": "says that there is no such page",
    "console.door": "leads to the console",
}


@pytest.fixture
def pages(stranger: HttpClient) -> list[tuple[str, str, str]]:
    """Give (method, path, permission) of every guarded page."""
    app: Quart = stranger.app  # type: ignore[attr-defined]
    found = []
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], PERMISSION, None)
        if not rule.endpoint.startswith("console."):
            continue
        if permission == PUBLIC:
            assert rule.endpoint in MEANT_TO_BE_PUBLIC, f"{rule.endpoint}: nobody said why"
            continue
        known = {
            ANY_VISITOR,
            OWN_ACCOUNT,
            *(name for held in PERMISSIONS.values() for name in held),
        }
        assert permission in known, f"{rule.endpoint} asks for {permission}"
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        found.append((method, rule.rule, permission))
    assert len(found) > 10
    return found


def filled(path: str, client: Client) -> str:
    return re.sub(r"<[^>]+>", str(client.id), path)


def test_a_page_that_hands_out_a_file_asks_for_a_fresh_second_factor(stranger: HttpClient) -> None:
    app: Quart = stranger.app  # type: ignore[attr-defined]
    files = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], STEP_UP, False)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and re.search(r"\.\w+$|export", rule.rule)
    }
    assert files.pop("console.people_csv")
    assert [endpoint for endpoint, asks in files.items() if not asks] == []


async def test_without_a_session_every_page_asks_for_one(
    stranger: HttpClient, pages: list[tuple[str, str, str]], client: Client
) -> None:
    for method, path, _ in pages:
        address = filled(path, client)
        answer = await stranger.open(address, method=method, headers={"Origin": SITE}, form={})
        is_asked = answer.status_code == httpx.codes.UNAUTHORIZED or (
            answer.status_code == httpx.codes.SEE_OTHER
            and answer.headers["Location"].startswith("/console/sign-in")
        )
        assert is_asked, (method, address, answer.status_code)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CLIENT_ADMIN, Role.END_USER])
async def test_a_page_opens_only_to_who_holds_its_permission(
    visit: Visit, pages: list[tuple[str, str, str]], client: Client, role: Role
) -> None:
    who = client.principal(role)
    for method, path, permission in pages:
        http = visit(who)  # one of the pages signs out
        address = filled(path, client)
        answer = await http.open(address, method=method, headers={"Origin": SITE}, form={})
        may = role is not Role.END_USER and (
            permission in {ANY_VISITOR, OWN_ACCOUNT} or who.may(permission)
        )
        is_refused = answer.status_code == httpx.codes.FORBIDDEN
        assert is_refused is not may, (role, method, address, answer.status_code)
