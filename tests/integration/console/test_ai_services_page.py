"""The pages of AI services: what waits is answered there, what is wrong stays beside its field."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from quart.datastructures import FileStorage

from backend.core.permissions import Role
from backend.core.principal import Principal
from tests.integration.console.conftest import SITE, Visit
from tests.integration.policy.worlds import Client, World

SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
DECISION = {"status": "tolerated", "reason": "Until the contract", "review_due": SOON}


class Pages:
    """The pages of one client, as somebody opens them."""

    def __init__(self, visit: Visit, client: Client, who: Principal) -> None:
        self._http = visit(who)
        self._base = f"/console/clients/{client.id}"

    async def read(self, path: str = "/ai-services") -> str:
        answer = await self._http.get(self._base + path)
        assert answer.status_code == 200
        return str(await answer.get_data(as_text=True))

    async def send(self, path: str, **sent: Any) -> tuple[int, str]:
        answer = await self._http.post(self._base + path, headers={"Origin": SITE}, **sent)
        page: str = await answer.get_data(as_text=True)
        if answer.status_code == 303:
            followed = await self._http.get(answer.headers["Location"])
            page = await followed.get_data(as_text=True)
        return answer.status_code, re.sub(r"\s+", " ", page)


async def test_the_registry_shows_each_service_with_its_risk_and_can_be_filtered(
    visit: Visit, client: Client
) -> None:
    pages = Pages(visit, client, client.principal(Role.AUDITOR))
    everything, some = await pages.read(), await pages.read("/ai-services?q=openai&risk=low")
    assert everything.count('<th scope="row"><a') >= 100
    assert re.findall(r'<th scope="row"><a [^>]+>([^<]+)', some) == [
        "Azure AI Foundry",  # by a host of its own
        "ChatGPT",
        "OpenAI API platform",
    ]
    assert "Decide for" not in await pages.read("/ai-services/chatgpt")


async def test_a_decision_is_recorded_and_what_is_wrong_with_one_stands_beside_its_field(
    visit: Visit, client: Client
) -> None:
    pages = Pages(visit, client, client.principal())
    status, page = await pages.send("/ai-services/poe", form=DECISION)
    assert status == 303
    assert "The decision is recorded" in page
    assert 'class="action flag">tolerated' in page
    assert "Until the contract" in page
    for typed, field in (
        ({**DECISION, "review_due": ""}, "review_due"),
        ({**DECISION, "review_due": "soon"}, "review_due"),
        ({**DECISION, "status": "approved", "framework": "hipaa"}, "agreement"),
        ({**DECISION, "reason": " "}, "reason"),
        ({**DECISION, "group": "nobody"}, "group"),
        ({"reason": "x"}, "status"),
    ):
        status, page = await pages.send("/ai-services/poe", form=typed)
        assert status == 422
        assert f'id="{field}-error"' in page
        assert f'value="{typed["reason"]}"' in page


async def test_requests_stops_and_logs_are_dealt_with_on_the_page(
    visit: Visit, client: Client, world: World
) -> None:
    request = await world.service_work(client)
    pages = Pages(visit, client, client.principal())
    assert "1 request waiting" in await pages.read()
    assert "1 request waits for an answer; 1 AI service was seen" in await pages.read("/feed")
    path = f"/service-requests/{request}"
    status, page = await pages.send(path, form={"answer": "approve", "days": "0", "reason": "Fine"})
    assert (status, 'value="Fine"' in page) == (422, True)
    status, page = await pages.send(path, form={"answer": "approve", "days": "2", "reason": "Fine"})
    assert (status, "The request is approved" in page) == (303, True)
    assert "waiting for an answer" not in page
    status, page = await pages.send("/ai-services/poe/stop", form={"hours": "9999", "reason": "x"})
    assert (status, "Nothing was stopped" in page) == (422, True)
    status, page = await pages.send("/ai-services/*/stop", form={"hours": "1", "reason": "A leak"})
    assert (status, "Emergency stop of all AI services" in page) == (303, True)
    status, page = await pages.send("/ai-services/*/lift", form={"reason": "It was none"})
    assert (status, "The emergency stop is over" in page) == (303, True)

    def log(content: bytes) -> dict[str, FileStorage]:
        return {"log": FileStorage(io.BytesIO(content), "log.csv")}

    status, page = await pages.send(
        "/ai-services/import", files=log(b"host,count\npoe.com,3\nbank.example,1\n")
    )
    assert (status, "2 lines read" in page) == (200, True)
    assert '<th scope="row">poe.com</th>' in page
    assert "bank.example" not in page
    for content in (b"no such column\n", b"\xff\xfe"):
        status, page = await pages.send("/ai-services/import", files=log(content))
        assert (status, 'role="alert"' in page) == (422, True)
