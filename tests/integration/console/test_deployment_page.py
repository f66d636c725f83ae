"""The page of browsers hands out a client's files, and says which browsers run another build."""

import io
import re
import zipfile

import pytest
from quart import Quart

from backend.core.permissions import Role
from tests.integration.console.conftest import Visit
from tests.integration.policy.worlds import Client, Msp, World

HERE = {"Origin": "http://127.0.0.1:8080"}
FORM = {"uses": "3", "days": "7"}


async def test_the_files_come_with_a_fresh_code_of_this_client(
    visit: Visit, world: World, msp: Msp, client: Client
) -> None:
    path = f"/console/clients/{client.id}/deployment"
    answers = [await visit(msp.principal()).post(path, form=FORM, headers=HERE) for _ in range(2)]
    codes = set()
    for answer in answers:
        assert (answer.status_code, answer.content_type) == (200, "application/zip")
        archive = zipfile.ZipFile(io.BytesIO(bytes(await answer.get_data(as_text=False))))
        policy = archive.read("quillgate/linux/quillgate.json").decode()
        codes |= set(re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", policy))
    assert len(codes) == 2
    kept = await world.owner.fetch(
        "SELECT max_uses FROM enrolment_codes WHERE tenant_id = $1", client.id
    )
    assert [row["max_uses"] for row in kept] == [3, 3]


@pytest.mark.parametrize(
    "form",
    [{}, {"uses": "0", "days": "7"}, {"uses": "3", "days": "91"}, {"uses": "3", "days": "x"}],
)
async def test_numbers_that_make_no_sense_make_no_files(
    visit: Visit, client: Client, form: dict[str, str]
) -> None:
    answer = await visit(client.principal()).post(
        f"/console/clients/{client.id}/deployment", form=form, headers=HERE
    )
    assert answer.status_code == 422
    assert "No files were made" in await answer.get_data(as_text=True)


async def test_who_may_not_enrol_gets_none_and_is_not_offered_any(
    visit: Visit, client: Client
) -> None:
    auditor = visit(client.principal(Role.AUDITOR))
    page = await auditor.get(f"/console/clients/{client.id}/fleet")
    assert "Connect browsers</summary>" not in await page.get_data(as_text=True)
    answer = await auditor.post(f"/console/clients/{client.id}/deployment", form=FORM, headers=HERE)
    assert answer.status_code == 403


async def test_a_browser_with_another_build_is_told_apart(
    visit: Visit, world: World, client: Client, app: Quart
) -> None:
    own = app.extensions["quillgate"].extension_package.files.build
    await world.device(client, extension_version=f"0.1.0+{own}")
    http = visit(client.principal())
    fleet = f"/console/clients/{client.id}/fleet"
    assert "another build" not in await (await http.get(fleet)).get_data(as_text=True)
    await world.device(client, extension_version="0.1.0+0123456789abcdef")
    assert "another build" in await (await http.get(fleet)).get_data(as_text=True)
