"""Pages that a mail leads to, and the outbox of a demonstration."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from backend.services.registry import Services
from backend.services.user_administration import NewUser
from tests.integration.console.conftest import SITE, NewPassword
from tests.integration.policy.worlds import Client

HERE = {"Origin": SITE}
WANTED = "four words nobody joins"
OWN_MACHINE: dict[str, Any] = {
    "headers": {"Host": "127.0.0.1:8080"}, "scope_base": {"client": ("127.0.0.1", 50_000)},
}  # fmt: skip


@pytest.fixture
def services(stranger: HttpClient) -> Services:
    app: Quart = stranger.app  # type: ignore[attr-defined]
    made: Services = app.extensions["quillgate"]
    return made


@pytest.fixture
def demonstration(stranger: HttpClient, services: Services) -> Iterator[None]:
    app: Quart = stranger.app  # type: ignore[attr-defined]
    settings = replace(services.settings, demonstration=True)
    app.extensions["quillgate"] = replace(services, settings=settings)
    yield
    app.extensions["quillgate"] = services


async def page_of(http: HttpClient, path: str, **options: Any) -> tuple[int, str]:
    answer = await http.open(path, method="POST" if "form" in options else "GET", **options)
    return answer.status_code, await answer.get_data(as_text=True)


async def test_a_forgotten_password_gets_one_answer_and_elsewhere_there_is_no_outbox(
    stranger: HttpClient, client: Client, new_password: NewPassword, services: Services
) -> None:
    email = await new_password(client.principal())
    pages = [
        await page_of(stranger, "/console/forgotten", form={"email": who}, headers=HERE)
        for who in (email, "nobody@nobody.example", "", "x" * 5000)
    ]
    await services.password_resets.settle()
    assert pages[0][0] == 200
    assert "gets a mail" in pages[0][1]
    assert len({page for _, page in pages}) == 1
    assert (await page_of(stranger, "/console/outbox", **OWN_MACHINE))[0] == 404


@pytest.mark.usefixtures("demonstration")
async def test_an_invitation_leads_from_this_machines_outbox_to_the_sign_in(
    stranger: HttpClient, client: Client, services: Services,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    wanted = NewUser(f"nora@{client.id.hex}.example", "Nora New", Role.AUDITOR, client.id)
    shown = replace(client.principal(), stepped_up_at=int(time.time()))
    await services.user_administration.invite(shown, wanted)
    _, outbox = await page_of(stranger, "/console/outbox", **OWN_MACHINE)
    code = re.search(r"console/invitation#([\w-]{43})", outbox)
    assert code
    form = {"token": code[1], "password": WANTED, "again": WANTED}
    status, page = await page_of(
        stranger, "/console/invitation", form={**form, "again": "other"}, headers=HERE
    )
    assert (status, code[1] in page, WANTED in page) == (422, True, False)
    status, page = await page_of(stranger, "/console/invitation", form=form, headers=HERE)
    assert status == 200
    assert f'value="{wanted.email}"' in page
    assert "Welcome to Quillgate" in page
    status, page = await page_of(stranger, "/console/invitation", form=form, headers=HERE)
    assert status == 422
    assert "does not hold" in page
    logged = "".join(capfd.readouterr())
    assert '"route": "/console/invitation"' in logged
    assert code[1] not in logged
    assert wanted.email not in logged

    # A mail to a real address stays sealed, and nobody elsewhere sees any.
    real = f"nora@{client.id.hex}.test.org"
    await services.user_administration.invite(shown, replace(wanted, email=real))
    _, page = await page_of(stranger, "/console/outbox", **OWN_MACHINE)
    article = page.partition(real)[2].partition("</article>")[0]
    assert "may be a real person" in article
    assert "invitation#" not in article
    for headers, peer in (
        ({"Host": "evil.example"}, "127.0.0.1"),
        ({"Host": "127.0.0.1:8080", "X-Forwarded-For": "192.0.2.1"}, "127.0.0.1"),
        ({"Host": "127.0.0.1:8080"}, "192.0.2.7"),
    ):
        asked = {"headers": headers, "scope_base": {"client": (peer, 1)}}
        assert (await page_of(stranger, "/console/outbox", **asked))[0] == 404
