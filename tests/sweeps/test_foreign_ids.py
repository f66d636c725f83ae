"""Every id a route takes: one of another client answers exactly like one that never was."""

import base64
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from quart import Quart

from backend.app import create_app
from backend.core.config import Settings
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE
from tests.integration.policy.worlds import Client, Msp, World
from tests.isolation.routes import ATTESTED, OPERATIONS

VERSIONS = "/api/v1/policies/{policy}/versions"
DIGESTS = "/api/v1/policies/{policy}/digests"
POLICY = "/api/v1/policies/{policy}"
WHY = {"base_version": 1, "reason": "r"}
LAYER = {"kind": "user", "name": "n", "reason": "r", "document": {"format": 1}}
PATCH = {"base_version": 1, "reason": "r", "patch": {"default_action": "flag"}}
ATTESTATIONS = "/api/v1/reports/attestations?client_id={client}"
# Every route that takes an id, by hand. `{client}` and `{policy}` are swapped.
TAKES_IDS: dict[tuple[str, str], tuple[str, dict[str, Any] | None]] = {
    ("post", "/api/v1/reports/attestations"): ("/api/v1/reports/attestations", ATTESTED),
    ("get", "/api/v1/reports/attestations"): (ATTESTATIONS, None),
    ("get", "/api/v1/reports/compliance"): ("/api/v1/reports/compliance?client_id={client}", None),
    ("get", "/api/v1/reports/score"): ("/api/v1/reports/score?client_id={client}", None),
    ("get", "/api/v1/ai-services"): ("/api/v1/ai-services?client_id={client}", None),
    ("get", "/api/v1/audit/admin-events"): ("/api/v1/audit/admin-events?client_id={client}", None),
    ("get", "/api/v1/audit/logs"): ("/api/v1/audit/logs?client_id={client}", None),
    ("get", "/api/v1/audit/violations"): ("/api/v1/audit/violations?client_id={client}", None),
    ("get", "/api/v1/clients/{client_id}"): ("/api/v1/clients/{client}", None),
    ("get", "/api/v1/clients/{client_id}/fleet"): ("/api/v1/clients/{client}/fleet", None),
    ("get", "/api/v1/policies"): ("/api/v1/policies?client_id={client}", None),
    ("get", "/api/v1/policies/{policy_id}/versions"): (VERSIONS, None),
    ("post", "/api/v1/policies/{policy_id}/versions"): (VERSIONS, PATCH),
    ("post", "/api/v1/policies/{policy_id}/digests"): (DIGESTS, {"values": ["Ann Lee"]}),
    ("get", "/api/v1/policies/effective"): ("/api/v1/policies/effective?client_id={client}", None),
    ("get", "/api/v1/policies/layers"): ("/api/v1/policies/layers?client_id={client}", None),
    ("post", "/api/v1/policies/layers"): (
        "/api/v1/policies/layers",
        {**LAYER, "client_id": "{client}", "owner_id": "{user}"},
    ),
    ("get", "/api/v1/policies/layers/{layer_id}"): ("/api/v1/policies/layers/{layer}", None),
    ("post", "/api/v1/policies/layers/{layer_id}/versions"): (
        "/api/v1/policies/layers/{layer}/versions",
        PATCH,
    ),
    ("post", "/api/v1/policies/layers/{layer_id}/preview"): (
        "/api/v1/policies/layers/{layer}/preview",
        {"base_version": 1, "patch": {"default_action": "warn"}},
    ),
    ("get", "/api/v1/policies/layers/{layer_id}/changes"): (
        "/api/v1/policies/layers/{layer}/changes",
        None,
    ),
    ("post", "/api/v1/policies/{policy_id}/template"): (
        f"{POLICY}/template",
        {**WHY, "template_id": "{template}"},
    ),
    ("post", "/api/v1/policies/{policy_id}/rollback"): (
        f"{POLICY}/rollback",
        {**WHY, "version": 1},
    ),
    ("get", "/api/v1/policies/{policy_id}/diff"): (f"{POLICY}/diff?before=1&after=1", None),
    ("get", "/api/v1/policies/{policy_id}/drift"): (f"{POLICY}/drift", None),
    ("get", "/api/v1/policies/{policy_id}/shadow"): (f"{POLICY}/shadow", None),
    ("post", "/api/v1/policies/{policy_id}/test"): (f"{POLICY}/test", {"text": "harmless"}),
    ("post", "/api/v1/policies/{policy_id}/backtest"): (
        f"{POLICY}/backtest",
        {"base_version": 1, "draft": {"default_action": "warn"}},
    ),
    ("get", "/api/v1/policies/{policy_id}/changes"): (f"{POLICY}/changes", None),
    ("post", "/api/v1/policies/changes/{change_id}/approve"): (
        "/api/v1/policies/changes/{change}/approve",
        {"reason": "r"},
    ),
    ("post", "/api/v1/policies/changes/{change_id}/reject"): (
        "/api/v1/policies/changes/{change}/reject",
        {"reason": "r"},
    ),
    ("post", "/api/v1/enrolment/codes"): ("/api/v1/enrolment/codes", {"client_id": "{client}"}),
    ("get", "/api/v1/users"): ("/api/v1/users?client_id={client}", None),
}
# Ids that name something of the caller's own making, each with its own test.
OF_THE_CALLER = {
    ("delete", "/api/v1/auth/sessions/{session_id}"): (
        "session_id: test_a_sign_in_of_somebody_else_looks_like_none"
    ),
    ("post", "/api/v1/clients/{client_id}/devices/{device_id}/revoke"): (
        "both: test_a_browser_of_somebody_else_looks_like_none"
    ),
    ("post", "/api/v1/service-requests"): (
        "group_id: test_people_see_their_own_requests_and_ask_for_their_own_groups"
    ),
    ("post", "/api/v1/analyze/prompt"): "event_id: test_an_event_id_of_another_client_is_free",
    ("post", "/api/v1/audit/events"): "event_id: the same, through the same `qg_record`",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(owner_url: DatabaseUrl, keys: KeyRing) -> AsyncIterator[Quart]:
    settings = Settings.from_environment({"MASTER_KEY": base64.b64encode(b"m" * 32).decode()})
    made = create_app(settings, keys, owner_url.login(LOGIN_ROLE, keys.database_password).text())
    await made.startup()
    yield made
    await made.shutdown()


class Neighbours:
    """A client, another one of its MSP, and one of another MSP."""

    def __init__(
        self, msp: Msp, own: Client, sibling: Client, stranger: Client, *templates: UUID
    ) -> None:
        self.msp, self.own, self.sibling, self.stranger = msp, own, sibling, stranger
        self.template_id, self.foreign_template_id = templates

    def callers(self, role: Role) -> tuple[Principal, tuple[Client, ...]]:
        """Return somebody with a role, and the clients that are none of its business."""
        if role in {Role.MSP_ADMIN, Role.MSP_TECHNICIAN}:
            return self.msp.principal(role), (self.stranger,)
        if role is Role.SUPER_ADMIN:
            nobody = UUID(int=0)
            principal = Principal("user", uuid7(), None, nobody, nobody, None, role, uuid7())
            return principal, (self.own, self.stranger)
        principal = self.own.device(uuid7()) if role is Role.DEVICE else self.own.principal(role)
        return principal, (self.sibling, self.stranger)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def neighbours(owner: Any) -> Neighbours:
    world = World(owner)
    msp = await world.msp()
    elsewhere = await world.msp()
    stranger = await world.client(elsewhere, "Riverside")
    await world.ai_service(["chat.example"])
    made = Neighbours(
        msp, await world.client(msp), await world.client(msp, "Cedar"), stranger,
        await world.policy_template(msp), await world.policy_template(elsewhere),
    )  # fmt: skip
    for client in (made.own, made.sibling, made.stranger):
        await world.device(client)
        await world.admin_event(client)
        await world.attestation(client)
        await world.policy_work(client)
        await world.submission(client, "block", "prevented")
    return made


def _ids(client: Client, template_id: UUID) -> dict[str, UUID]:
    """Return every id of a client; its layer and its proposed change have its policy's."""
    return {
        "client": client.id, "policy": client.policy_id, "layer": client.policy_id,
        "change": client.policy_id, "user": client.admin_id, "template": template_id,
    }  # fmt: skip


async def _answer(
    app: Quart, keys: KeyRing, who: Principal, operation: tuple[str, str], ids: dict[str, UUID]
) -> tuple[int, str]:
    """Return status and body, with the id that was asked for and the request's own taken out."""
    address, body = TAKES_IDS[operation]
    names = {name: str(value) for name, value in ids.items()}
    content = body and {
        key: value.format(**names) if isinstance(value, str) else value
        for key, value in body.items()
    }
    token = AccessTokens(keys.access_tokens).issue(who, datetime.now(UTC))
    answer = await app.test_client().open(
        address.format(**names), method=operation[0].upper(), json=content,
        headers={"Authorization": f"Bearer {token}", "X-Request-Id": "the-same-one"},
    )  # fmt: skip
    text = await answer.get_data(as_text=True)
    for name in names.values():
        text = text.replace(name, "ID")
    return answer.status_code, text


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("operation", TAKES_IDS, ids=" ".join)
async def test_an_id_of_somebody_else_answers_like_one_that_never_was(
    app: Quart, keys: KeyRing, neighbours: Neighbours, role: Role, operation: tuple[str, str]
) -> None:
    who, others = neighbours.callers(role)
    if role is Role.SUPER_ADMIN and OPERATIONS[operation].answers.startswith("+"):
        return  # the platform's operator sees that MSPs and clients exist
    never = dict.fromkeys(("client", "policy", "layer", "change", "user", "template"), uuid7())
    absent = await _answer(app, keys, who, operation, never)
    for other in others:
        foreign = _ids(other, neighbours.foreign_template_id)
        assert await _answer(app, keys, who, operation, foreign) == absent
    assert absent[0] in {403, 404} or '"items":[]' in absent[1]


@pytest.mark.parametrize("operation", TAKES_IDS, ids=" ".join)
async def test_control_an_own_id_is_answered(
    app: Quart, keys: KeyRing, neighbours: Neighbours, operation: tuple[str, str]
) -> None:
    """If nobody gets anything, the likeness of foreign and absent proves nothing."""
    own = _ids(neighbours.own, neighbours.template_id)
    status, text = await _answer(app, keys, neighbours.msp.principal(), operation, own)
    # The state may refuse what the id alone would not: both say that the policy is there.
    is_there = status in {409, 412}
    assert status in {200, 201} or is_there
    may_be_empty = operation[1].endswith(("/diff", "/drift", "/shadow"))
    assert may_be_empty or '"items":[]' not in text


async def test_every_route_that_takes_an_id_is_swept(app: Quart) -> None:
    document = await (await app.test_client().get("/openapi.json")).get_json()
    takers = {
        (method, path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "'uuid'" in _taken(document, operation)
    }
    in_the_matrix = {name for name, one in OPERATIONS.items() if one.names_a_client}
    assert takers <= in_the_matrix | TAKES_IDS.keys() | OF_THE_CALLER.keys()
    assert TAKES_IDS.keys() | OF_THE_CALLER.keys() <= takers


def _taken(document: dict[str, Any], operation: dict[str, Any]) -> str:
    """Return what an operation takes, the shapes within its body included; no place in a list."""
    named = [asked for asked in operation["parameters"] if asked["name"] != "cursor"]
    taken, seen = str([named, operation.get("requestBody")]), set()
    while within := set(re.findall(r"#/components/schemas/(\w+)", taken)) - seen:
        seen |= within
        taken += str([document["components"]["schemas"][name] for name in within])
    return taken


async def test_an_event_id_of_another_client_is_free(
    app: Quart, keys: KeyRing, neighbours: Neighbours, owner: Any
) -> None:
    """Else a client could keep another's entry out, or learn that it is there."""
    event_id = uuid7()
    sent = {"text": "a", "service": "x", "channel": "typed", "event_id": str(event_id)}
    for client in (neighbours.own, neighbours.sibling, neighbours.stranger):
        token = AccessTokens(keys.access_tokens).issue(
            client.principal(Role.END_USER), datetime.now(UTC)
        )
        answer = await app.test_client().post(
            "/api/v1/analyze/prompt", json=sent, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 200
    recorded = await owner.fetch(
        "SELECT tenant_id FROM client_audit_logs WHERE event_id = $1", event_id
    )
    whose = {neighbours.own.id, neighbours.sibling.id, neighbours.stranger.id}
    assert {row["tenant_id"] for row in recorded} == whose
