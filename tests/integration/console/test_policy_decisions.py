"""A second person on the policy page, and going back to an earlier version."""

import re

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.console.conftest import SITE, Visit
from tests.integration.policy.worlds import Client, Msp, World

HERE = {"Origin": SITE}


async def step(http: HttpClient, path: str, **form: str) -> tuple[int, str]:
    answer = await http.post(path, form=form, headers=HERE)
    if answer.status_code == 303:
        answer_shown = await http.get(answer.headers["Location"])
        return 303, await answer_shown.get_data(as_text=True)
    return answer.status_code, await answer.get_data(as_text=True)


async def shown(http: HttpClient, client: Client) -> tuple[int, str]:
    answer = await http.get(f"/console/clients/{client.id}/policy")
    return answer.status_code, await answer.get_data(as_text=True)


async def proposed(http: HttpClient, client: Client) -> tuple[str, str]:
    """Propose what protects less; return where it is decided, and the page that says so."""
    _, page = await step(
        http, f"/console/clients/{client.id}/policy", base_version="1", step="publish",
        reason="Too many stops", **{"category-phi": "flag"},
    )  # fmt: skip
    found = re.search(r'action="([^"]+/policy/changes/[^"]+)"', page)
    assert found is not None
    return found[1], page


@pytest.fixture
async def careful(world: World, msp: Msp) -> Client:
    return await world.client(msp, "Careful", second_approval="weakening")


async def test_what_protects_less_waits_on_the_page_until_somebody_else_approves(
    visit: Visit, world: World, msp: Msp, careful: Client
) -> None:
    mia, sam = visit(msp.principal()), visit(await world.staff(msp, Role.MSP_ADMIN))
    where, page = await proposed(mia, careful)
    assert "It waits for a second person" in page
    assert "Policy, version 1" in page
    assert "You proposed it" in page
    _, page = await shown(sam, careful)
    assert re.search(r"Health data: .*block.*flag", page)
    status, page = await step(mia, where, step="approve", reason="Mine")
    assert status == 403
    assert "somebody else has to decide" in page
    status, page = await step(sam, where, step="approve", reason="")
    assert status == 422
    status, page = await step(sam, where, step="approve", reason="Agreed in the meeting")
    assert status == 303
    assert "Version 2 is published" in page
    assert "Waiting for a second person" not in page


async def test_a_rejected_change_leaves_the_policy_as_it_is(
    visit: Visit, world: World, msp: Msp, careful: Client
) -> None:
    where, _ = await proposed(visit(msp.principal()), careful)
    sam = visit(await world.staff(msp, Role.MSP_ADMIN))
    status, page = await step(sam, where, step="reject", reason="Not now")
    assert status == 303
    assert "The change is rejected" in page
    assert "Policy, version 1" in page
    assert "Waiting for a second person" not in page


async def test_an_earlier_version_is_looked_at_and_then_holds_again(
    visit: Visit, msp: Msp, client: Client
) -> None:
    http = visit(msp.principal())
    here = f"/console/clients/{client.id}/policy"
    await step(
        http, here, base_version="1", step="publish", reason="Try", **{"family-name": "block"}
    )
    status, page = await step(http, f"{here}/back", base_version="2", restores="1", step="preview")
    assert status == 200
    assert "Publish version 3" in page
    assert "Back to version 1" in page
    status, page = await step(
        http, f"{here}/back", base_version="2", restores="1", step="publish", reason="Too much"
    )
    assert status == 303
    assert "Version 3 is published" in page
    status, page = await step(http, f"{here}/back", base_version="3", restores="1", step="preview")
    assert status == 409
    status, page = await step(http, f"{here}/back", base_version="3", restores="x", step="preview")
    assert status == 422
