"""A client's own rules: published with the policy, tried before, obeyed by server and browsers."""

import json
from typing import Any
from uuid import UUID

import pytest

from backend.core.permissions import Role
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, Msp, World

ANALYZE = "/api/v1/analyze/prompt"
Answer = tuple[int, dict[str, Any]]


class Desk:
    """One client's administrator and one of its people."""

    def __init__(self, server: LiveServer, client: Client, device_id: UUID) -> None:
        self.server = server
        self.browser = client.device(device_id)
        self.client = client
        self.admin = client.principal()

    async def asked(self, method: str, path: str, content: Any = None) -> Answer:
        status, _, answer = await self.server.request(method, path, self.admin, content)
        return status, dict(answer)

    async def publishes(self, **custom: Any) -> Answer:
        _, page = await self.asked("GET", "/api/v1/policies")
        layer = page["items"][-1]
        change = {"base_version": layer["version"], "reason": "Ours", "patch": {"custom": custom}}
        return await self.asked("POST", f"/api/v1/policies/{layer['id']}/versions", change)

    async def digests(self, *values: str) -> Answer:
        _, page = await self.asked("GET", "/api/v1/policies")
        path = f"/api/v1/policies/{page['items'][-1]['id']}/digests"
        return await self.asked("POST", path, {"values": list(values)})

    async def finds(self, text: str) -> list[tuple[str, str]]:
        person = self.client.principal(Role.END_USER)
        content = {"text": text, "service": "chatgpt.com", "channel": "typed"}
        status, _, answer = await self.server.request("POST", ANALYZE, person, content)
        assert status == 200, answer
        return [(one["rule"], text[one["start"] : one["end"]]) for one in answer["findings"]]

    async def bundle(self) -> dict[str, Any]:
        """Return what a browser of the client obeys."""
        status, _, answer = await self.server.request("GET", "/api/v1/sync", self.browser)
        assert status == 200, answer
        return dict(json.loads(answer["bundle"]))


@pytest.fixture
async def desk(server: LiveServer, client: Client, world: World) -> Desk:
    return Desk(server, client, await world.device(client))


async def test_a_keyword_and_a_pattern_hold_from_their_version_on(desk: Desk) -> None:
    assert await desk.finds("Falcon order ORD-12345") == []
    status, _ = await desk.publishes(
        keywords={"projects": {"name": "Projects", "words": ["falcon"]}},
        patterns={"orders": {"name": "Orders", "pattern": r"\bORD-\d{5}\b"}},
    )
    assert status == 201
    assert await desk.finds("Falcon order ORD-12345") == [
        ("custom-projects", "Falcon"), ("custom-orders", "ORD-12345"),
    ]  # fmt: skip
    status, _ = await desk.publishes(keywords={"projects": None})
    assert status == 201
    assert await desk.finds("Falcon order ORD-12345") == [("custom-orders", "ORD-12345")]


async def test_a_known_value_is_found_and_an_allowed_one_passes(desk: Desk) -> None:
    status, page = await desk.digests("Ann Quillworth", "(415) 555-0132")
    patient, phone = page["items"]
    assert (status, patient["length"], phone["length"]) == (200, 13, 10)
    text = "ann quillworth, phone (415) 555-0132"
    assert ("phone-number", "(415) 555-0132") in await desk.finds(text)
    await desk.publishes(
        values={
            "patients": {"name": "P", "digests": [patient["digest"]], "lengths": [13]},
        },
        allowed={"desk": {"name": "Front desk", "digests": [phone["digest"]]}},
    )
    assert await desk.finds(text) == [("custom-patients", "ann quillworth")]


async def test_another_client_has_other_digests_and_none_of_the_rules(
    desk: Desk, server: LiveServer, world: World, msp: Msp
) -> None:
    neighbour = await world.client(msp)
    other = Desk(server, neighbour, await world.device(neighbour))
    assert (await desk.digests("Ann Lee"))[1] != (await other.digests("Ann Lee"))[1]
    await desk.publishes(keywords={"projects": {"name": "Projects", "words": ["falcon"]}})
    assert await other.finds("Falcon") == []


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\w+", "ordinary texts"),
        (r"(?=a)b", "refused by RE2"),
        (r"^ORD", "leave ^ and $ out"),
    ],
)
async def test_a_careless_pattern_is_refused_with_its_name_and_a_reason(
    desk: Desk, pattern: str, why: str
) -> None:
    status, problem = await desk.publishes(patterns={"loose": {"name": "L", "pattern": pattern}})
    assert (status, problem["code"]) == (422, "policy-invalid")
    assert problem["detail"].startswith("Nothing was published: custom.patterns.loose.pattern: ")
    assert why in problem["detail"]


async def test_what_a_browser_could_not_bound_is_asked_of_the_server(desk: Desk) -> None:
    slow = {"slow": {"name": "Slow", "pattern": r"(?:ORD|OR|O)+-[A-Z]{3}"}}
    assert (await desk.publishes(patterns=slow))[0] == 201
    custom = (await desk.bundle())["custom"]
    assert (custom["rules"], custom["asks_server"]) == ([], True)
    assert await desk.finds("see OROORD-XYZ") == [("custom-slow", "OROORD-XYZ")]


async def test_a_browser_gets_the_rules_and_no_value(desk: Desk) -> None:
    assert (await desk.bundle())["custom"] is None
    _, page = await desk.digests("Ann Quillworth")
    digest = page["items"][0]["digest"]
    await desk.publishes(
        values={"patients": {"name": "P", "digests": [digest], "lengths": [13]}},
        patterns={"orders": {"name": "Orders", "pattern": r"\bORD-\d{5}\b"}},
    )
    held = await desk.bundle()
    assert [rule["id"] for rule in held["custom"]["rules"]] == ["custom-orders"]
    assert held["custom"]["names"] == {"custom-orders": "Orders", "custom-patients": "P"}
    assert held["custom"]["values"][0]["digests"] == [digest]
    assert "custom" not in held["policy"]["document"]
    assert "uillworth" not in json.dumps(held)


async def test_a_value_too_short_to_be_known_is_refused_by_its_place(desk: Desk) -> None:
    status, problem = await desk.digests("Ann Quillworth", "4-5")
    assert (status, problem["code"]) == (422, "value-unlistable")
    assert problem["detail"].startswith("Value 2 cannot be listed")
