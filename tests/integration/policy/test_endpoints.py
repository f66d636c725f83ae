"""The routes of this room: guarded, in the promised shapes, with problems for mistakes."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient
from quart_schema import QuartSchema

from backend.api import errors
from backend.api.v1.endpoints import ai_services, fleet, msp, policies, sync
from backend.core.database import Database
from backend.core.once import MemoryOnce
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.allowances import Allowances
from backend.services.custom_detections import CustomDetections
from backend.services.device_proofs import DeviceProofs
from backend.services.fleet import Fleet
from backend.services.msp_summary import MspSummary
from backend.services.policy_approvals import PolicyApprovals
from backend.services.policy_history import PolicyHistory
from backend.services.policy_layers import PolicyLayers
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing
from backend.services.policy_reach import PolicyReach
from backend.services.sessions import Sessions
from backend.services.shipped_rulebook import ShippedRulebook
from backend.services.sync_bundles import SyncBundles
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

KEYS = KeyRing.from_master(b"m" * 32)
RULEBOOK = json.dumps({"format": 1, "version": "0123456789abcdef", "rules": []}).encode()
PATCH = {"categories": {"pii": {"action": "warn"}}}
As = Callable[[Principal], dict[str, str]]


@pytest.fixture
def of_policies(
    database: Database, lookup: PolicyLookup, publishing: PolicyPublishing, layers: PolicyLayers,
    approvals: PolicyApprovals,
) -> dict[str, object]:  # fmt: skip
    """Return the services about policies, by name."""
    return {
        "policy_lookup": lookup,
        "policy_publishing": publishing,
        "policy_approvals": approvals,
        "policy_history": PolicyHistory(database, lookup),
        "policy_reach": PolicyReach(database, layers),
        "policy_layers": layers,
    }


@pytest.fixture
def http(  # one collaborator each
    database: Database,
    clock: StandingClock,
    lookup: PolicyLookup,
    of_policies: dict[str, object],
    fleet_service: Fleet,
    summary: MspSummary,
) -> HttpClient:
    registry = AiServiceRegistry(database)
    app = Quart(__name__)
    QuartSchema(app)
    errors.install(app)
    for module in (policies, sync, ai_services, msp, fleet):
        app.register_blueprint(module.blueprint, url_prefix="/api/v1")
    app.extensions["quillgate"] = SimpleNamespace(
        sessions=Sessions(database, KEYS, clock),
        development=None,
        allowances=Allowances(60_000),
        clock=clock,
        device_proofs=DeviceProofs(MemoryOnce(), clock, "http://localhost"),
        **of_policies,
        ai_service_registry=registry,
        shipped_rulebook=(rulebook := ShippedRulebook(RULEBOOK)),
        sync_bundles=SyncBundles(
            lookup, registry, rulebook, [], KEYS.bundles, clock, CustomDetections(KEYS)
        ),
        msp_summary=summary,
        fleet=fleet_service,
    )
    return app.test_client()


@pytest.fixture
def fleet_service(database: Database, clock: StandingClock) -> Fleet:
    return Fleet(database, clock)


@pytest.fixture
def signed_in(clock: StandingClock) -> As:
    def headers(who: Principal) -> dict[str, str]:
        token = AccessTokens(KEYS.access_tokens).issue(who, clock.now())
        return {"Authorization": f"Bearer {token}"}

    return headers


async def test_the_chain_is_listed_with_the_effective_layer_last(
    http: HttpClient, signed_in: As, client: Client, msp: Msp
) -> None:
    answer = await http.get(
        f"/api/v1/policies?client_id={client.id}", headers=signed_in(msp.principal())
    )
    found = await answer.get_json()
    assert answer.status_code == 200
    assert [item["layer"] for item in found["items"]] == ["template", "client"]
    assert found["items"][1]["id"] == str(client.policy_id)
    assert found["items"][1]["document"]["categories"]["phi"] == {"action": "block"}
    assert found["items"][1]["provenance"]["categories.phi"] == "template"
    assert found["next"] is None


async def test_a_clients_own_people_need_not_name_it(
    http: HttpClient, signed_in: As, client: Client, msp: Msp
) -> None:
    own = await http.get("/api/v1/policies", headers=signed_in(client.principal()))
    staff = await http.get("/api/v1/policies", headers=signed_in(msp.principal()))
    assert (own.status_code, staff.status_code) == (200, 403)


async def test_publishing_answers_201_and_shows_in_the_history(
    http: HttpClient, signed_in: As, client: Client
) -> None:
    headers, path = signed_in(client.principal()), f"/api/v1/policies/{client.policy_id}/versions"
    body = {"base_version": 1, "reason": "Ask first", "patch": PATCH}
    answer = await http.post(path, json=body, headers=headers)
    made = await answer.get_json()
    assert answer.status_code == 201
    assert (made["id"], made["version"]) == (str(client.policy_id), 2)
    history = await (await http.get(path, headers=headers)).get_json()
    assert [item["version"] for item in history["items"]] == [2, 1]
    assert history["items"][0]["etag"] == made["etag"]
    assert history["items"][0]["reason"] == "Ask first"
    older = await (await http.get(f"{path}?cursor=2", headers=headers)).get_json()
    assert [item["version"] for item in older["items"]] == [1]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"base_version": 7, "reason": "r", "patch": PATCH}, 412, "policy-stale"),
        ({"base_version": 1, "reason": "r", "patch": {"colour": 1}}, 422, "policy-invalid"),
        ({"base_version": 1, "reason": "r", "patch": {}}, 422, "policy-invalid"),
        ({"base_version": 1, "reason": " ", "patch": PATCH}, 422, "reason-missing"),
        ({"base_version": 1, "reason": "r"}, 422, "invalid-input"),
        ({"base_version": 1, "reason": "r", "patch": PATCH, "force": True}, 422, "invalid-input"),
        (
            {"base_version": 1, "reason": "r", "patch": {"default_action": "allow"}},
            409,
            "policy-unchanged",
        ),
    ],
)
async def test_a_mistake_is_a_problem_with_a_code(
    http: HttpClient, signed_in: As, client: Client, body: Any, status: int, code: str
) -> None:
    answer = await http.post(
        f"/api/v1/policies/{client.policy_id}/versions",
        json=body,
        headers=signed_in(client.principal()),
    )
    assert (answer.status_code, (await answer.get_json())["code"]) == (status, code)


async def test_the_bundle_is_sent_once_and_then_not_modified(
    http: HttpClient, signed_in: As, client: Client, world: World
) -> None:
    headers = signed_in(client.device(await world.device(client)))
    first = await http.get("/api/v1/sync", headers=headers)
    etag = first.headers["ETag"]
    again = await http.get("/api/v1/sync", headers={**headers, "If-None-Match": etag})
    assert (first.status_code, again.status_code) == (200, 304)
    assert again.headers["ETag"] == etag
    assert await again.get_data() == b""
    sent = await first.get_json()
    assert set(sent) == {"format", "key_id", "signature", "bundle"}
    assert json.loads(sent["bundle"])["policy"]["version"] == 1


async def test_a_browser_that_reads_gzip_gets_the_same_bundle_smaller(
    http: HttpClient, signed_in: As, client: Client, world: World
) -> None:
    headers = signed_in(client.device(await world.device(client)))
    plain = await http.get("/api/v1/sync", headers=headers)
    packed = await http.get("/api/v1/sync", headers={**headers, "Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(await packed.get_data()) == await plain.get_data()
    refusing = {**headers, "Accept-Encoding": "gzip;q=0"}
    assert "Content-Encoding" not in (await http.get("/api/v1/sync", headers=refusing)).headers


async def test_a_rulebook_is_fetched_by_the_digest_the_bundle_names_and_by_no_other(
    http: HttpClient, signed_in: As, client: Client, world: World
) -> None:
    headers = signed_in(client.device(await world.device(client)))
    bundle = await (await http.get("/api/v1/sync?rulebook=apart", headers=headers)).get_json()
    said = json.loads(bundle["bundle"])
    assert "rulebook" not in said
    path = f"/api/v1/sync/rulebooks/{said['rulebook_digest']}"
    found = await (await http.get(path, headers=headers)).get_data()
    assert _digest(found) == said["rulebook_digest"]
    packed = await http.get(path, headers={**headers, "Accept-Encoding": "gzip"})
    assert gzip.decompress(await packed.get_data()) == found
    another = await http.get(f"/api/v1/sync/rulebooks/{'0' * 64}", headers=headers)
    assert another.status_code == 404


async def test_the_services_are_listed_with_their_status(
    http: HttpClient, signed_in: As, client: Client, world: World
) -> None:
    service = await world.ai_service(["chat.example"])
    await world.approval(client, service, "approved")
    answer = await http.get("/api/v1/ai-services", headers=signed_in(client.principal()))
    items = {item["id"]: item for item in (await answer.get_json())["items"]}
    assert items[service]["status"] == "approved"
    assert items[service]["hosts"] == ["chat.example"]


async def test_services_are_found_page_by_page_and_not_sent_twice(
    http: HttpClient, signed_in: As, client: Client
) -> None:
    headers, found, cursor = signed_in(client.principal()), [], ""
    while cursor is not None:
        path = f"/api/v1/ai-services?category=health&limit=3&cursor={cursor}"
        answer = await (await http.get(path.removesuffix("&cursor="), headers=headers)).get_json()
        assert len(answer["items"]) <= 3
        found += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    assert found == sorted(found)
    assert "openevidence" in found
    path = "/api/v1/ai-services?q=open%20evidence.com&risk=high&status=unknown"
    first = await http.get(path, headers=headers)
    (item,) = (await first.get_json())["items"]
    assert (item["risk"]["score"], item["risk"]["known"]) == (100, 0)
    again = await http.get(path, headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, await again.get_data()) == (304, b"")


async def test_the_summary_has_a_row_per_client_and_totals(
    http: HttpClient, signed_in: As, client: Client, msp: Msp, world: World
) -> None:
    for number in (1, 2):  # what is kept of the first answer is not in the second
        await world.submission(client, "warn", "justified_sent")
        answer = await http.get("/api/v1/msp/summary", headers=signed_in(msp.principal()))
        again = await http.get("/api/v1/msp/summary", headers=signed_in(msp.principal()))
        found = await answer.get_json()
        assert [item["client_id"] for item in found["items"]] == [str(client.id)]
        assert found["items"][0]["actions"] == {"warn": number}
        assert (found["totals"]["violations"], found["totals"]["left"]) == (number, number)
        assert await again.get_json() == found


async def test_the_fleet_reads_like_47_of_50(
    http: HttpClient, signed_in: As, client: Client, world: World
) -> None:
    await world.device(client)
    await world.device(client, version=None)
    answer = await http.get(
        f"/api/v1/clients/{client.id}/fleet", headers=signed_in(client.principal())
    )
    found = await answer.get_json()
    assert (found["summary"], found["current"], found["behind"]) == ("1 of 2", 1, 1)
    assert [item["state"] for item in found["items"]] == ["behind", "current"]


ROUTES = [
    ("GET", "/policies"),
    ("GET", f"/policies/{UUID(int=1)}/versions"),
    ("POST", f"/policies/{UUID(int=1)}/versions"),
    ("GET", "/sync"),
    ("GET", f"/sync/rulebooks/{'0' * 64}"),
    ("GET", "/ai-services"),
    ("GET", "/msp/summary"),
    ("GET", f"/clients/{UUID(int=1)}/fleet"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_nobody_gets_in_without_a_token(http: HttpClient, method: str, path: str) -> None:
    answer = await (http.post if method == "POST" else http.get)(f"/api/v1{path}")
    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_the_platform_operator_reads_no_clients_rows(
    http: HttpClient, signed_in: As, method: str, path: str
) -> None:
    operator = Principal(
        "user", UUID(int=9), None, UUID(int=0), UUID(int=0), None, Role.SUPER_ADMIN, UUID(int=8)
    )
    body = {"base_version": 1, "reason": "r", "patch": PATCH} if method == "POST" else None
    send = http.post if method == "POST" else http.get
    answer = await send(f"/api/v1{path}", headers=signed_in(operator), json=body)
    if path == "/msp/summary":
        assert (await answer.get_json())["items"] == []
    else:
        assert answer.status_code in {403, 404}


async def test_another_clients_ids_find_nothing(
    http: HttpClient, signed_in: As, client: Client, msp: Msp, world: World
) -> None:
    stranger = (await world.client(await world.msp())).principal()
    sibling = (await world.client(msp)).principal()
    for who in (stranger, sibling):
        for path in (
            f"/policies?client_id={client.id}",
            f"/policies/{client.policy_id}/versions",
            f"/ai-services?client_id={client.id}",
            f"/clients/{client.id}/fleet",
        ):
            answer = await http.get(f"/api/v1{path}", headers=signed_in(who))
            assert (path, answer.status_code) == (path, 404)


def _digest(text: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
