"""Account, people and clients on pages: what a form does, and what it refuses in words."""

import base64
import io
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from asyncpg import Connection
from quart.datastructures import FileStorage
from quart.typing import TestClientProtocol as HttpClient

from backend.core.passwords import _totp
from backend.core.permissions import Role
from tests.integration.console.conftest import PASSWORD, SITE, NewPassword, Visit
from tests.integration.policy.worlds import Client, Msp

HERE = {"Origin": SITE}


async def posted(http: HttpClient, path: str, **form: Any) -> tuple[int, str, str]:
    """Return status, page and where it leads."""
    answer = await http.post(path, form=form, headers=HERE)
    page = await answer.get_data(as_text=True)
    return answer.status_code, page, answer.headers.get("Location", "")


async def seen(http: HttpClient, path: str) -> str:
    answer = await http.get(path)
    assert answer.status_code == 200, path
    return str(await answer.get_data(as_text=True))


async def test_staff_without_the_second_factor_they_need_reach_their_account_and_set_one_up(
    stranger: HttpClient, msp: Msp, new_password: NewPassword, owner: "Connection[Any]"
) -> None:
    email = await new_password(msp.principal())
    await owner.execute("UPDATE users SET second_factor = 'by_role' WHERE email = $1", email)
    await posted(stranger, "/console/sign-in", email=email, password=PASSWORD)
    assert (await stranger.get("/console/clients")).headers["Location"] == "/console/account"
    assert "needs a second factor" in await seen(stranger, "/console/account")
    status, page, _ = await posted(stranger, "/console/account/second-factor", present="wrong")
    assert (status, "password is wrong" in page) == (401, True)
    _, page, _ = await posted(stranger, "/console/account/second-factor", present=PASSWORD)
    secret = re.search(r'class="secret">([A-Z2-7]{32})<', page)
    assert secret
    assert "<svg" in page
    step = int(datetime.now(UTC).timestamp()) // 30
    code = _totp(base64.b32decode(secret[1]), step).decode()
    _, page, _ = await posted(stranger, "/console/account/second-factor/confirm", code=code)
    assert len(re.findall(r"<li><code>[A-Z2-7-]{19}</code>", page)) == 10
    assert "New client" in await seen(stranger, "/console/clients"), "the sign-in goes on"

    # A changed password ends the other sign-ins, and this one stays.
    changed = {"present": PASSWORD, "password": "four words nobody joins"}
    status, page, _ = await posted(stranger, "/console/account/password", **changed, again="other")
    assert (status, "not the same" in page) == (422, True)
    again = changed["password"]
    status, _, where = await posted(stranger, "/console/account/password", **changed, again=again)
    assert (status, where) == (303, "/console/account?done=password")
    assert "Your new password holds" in await seen(stranger, where)


async def test_an_administrator_invites_changes_and_suspends_people_and_an_auditor_only_looks(
    visit: Visit, client: Client, owner: "Connection[Any]"
) -> None:
    http = visit(replace(client.principal(), stepped_up_at=int(time.time())))
    people = f"/console/clients/{client.id}/people"
    assert "Invite somebody" in await seen(http, people)
    group = await posted(http, f"/console/clients/{client.id}/groups", name="Billing")
    assert group[0] == 303
    email = f"zoe@{client.id.hex}.example"
    invited = {"email": email, "display_name": "Zoe <b>Zett</b>", "role": "auditor"}
    status, _, where = await posted(http, people, **invited)
    assert status == 303
    page = await seen(http, where)
    assert "Invited" in page
    assert "Zoe &lt;b&gt;Zett&lt;/b&gt;" in page
    status, page, _ = await posted(http, people, **invited)
    assert (status, "is there already" in page, f'value="{email}"' in page) == (409, True, True)
    status, page, _ = await posted(http, people, **invited | {"role": "msp_admin"})
    assert (status, "does not exist there" in page) == (422, True)
    assert email in await seen(http, f"{people}?q=ZOE")
    assert email not in await seen(http, f"{people}?q=nobody")

    row = await owner.fetchrow("SELECT * FROM users WHERE email = $1", email)
    group_id = await owner.fetchval("SELECT id FROM groups WHERE tenant_id = $1", client.id)
    person = f"{people}/{row['id']}"
    assert "Send another invitation" in await seen(http, person)
    assert (await posted(http, person, do="invitation"))[0] == 303
    changed = {"display_name": "Zoe Zett", "role": "end_user", "group": str(group_id)}
    assert (await posted(http, person, do="changed", **changed))[0] == 303
    page = await seen(http, person)
    assert "Uses AI sites" in page
    assert re.search(rf'value="{group_id}" checked', page)
    status, page, _ = await posted(http, person, do="suspend", reason=" ")
    assert (status, "Say in 1 to 500" in page) == (422, True)
    assert (await posted(http, person, do="suspend", reason="Left"))[0] == 303
    assert await owner.fetchval("SELECT status FROM users WHERE email = $1", email) == "suspended"

    looking = visit(client.principal(Role.AUDITOR))
    assert "not change them" in await seen(looking, person)
    assert "Invite somebody" not in await seen(looking, people)


async def test_who_makes_somebody_an_administrator_shows_a_second_factor_and_goes_on(
    visit: Visit, client: Client, new_password: NewPassword, owner: "Connection[Any]"
) -> None:
    who, people = client.principal(), f"/console/clients/{client.id}/people"
    http = visit(who)
    await new_password(who)
    email = f"boss@{client.id.hex}.example"
    invited = {"email": email, "display_name": "Bo", "role": "client_admin"}
    status, page, _ = await posted(http, people, **invited)
    assert (status, "Your second factor" in page) == (200, True)
    carried = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert carried["kept:role"] == "client_admin"
    there = "SELECT role FROM users WHERE email = $1"
    assert await owner.fetchval(there, email) is None
    status, page, _ = await posted(http, "/console/step-up", **carried, code=PASSWORD)
    assert (status, f'action="{people}"' in page) == (200, True)
    assert (await posted(http, people, **invited))[0] == 303
    assert await owner.fetchval(there, email) == "client_admin"

    tame = visit(who)
    email = f"ann@{client.id.hex}.example"
    user = {"email": email, "display_name": "Ann", "role": "end_user"}
    assert (await posted(tame, people, **user))[0] == 303, "who only uses AI sites may do no harm"
    person = await owner.fetchval("SELECT id FROM users WHERE email = $1", email)
    raised = {"do": "changed", "display_name": "Ann", "role": "auditor"}
    status, page, _ = await posted(tame, f"{people}/{person}", **raised)
    assert (status, "Your second factor" in page) == (200, True)
    assert await owner.fetchval(there, email) == "end_user"
    lines = {"step": "import", "text": "email,display_name,role\ncy@example.org,Cy,auditor\n"}
    status, page, _ = await posted(tame, f"{people}/import", **lines)
    assert (status, "Your second factor" in page) == (200, True)
    status, page, _ = await posted(tame, f"{people}/import", **lines | {"step": "try"})
    assert (status, "Your second factor" in page) == (200, False)


async def test_a_file_of_people_asks_for_a_second_factor_and_then_comes(
    visit: Visit, client: Client, new_password: NewPassword, owner: "Connection[Any]"
) -> None:
    who, path = client.principal(Role.AUDITOR), f"/console/clients/{client.id}/people.csv"
    http, email = visit(who), await new_password(who)
    await owner.execute("UPDATE users SET second_factor = 'by_role' WHERE id = $1", who.user_id)
    asked = await http.get(path)
    assert asked.status_code == 303
    page = await seen(http, asked.headers["Location"])
    assert "You have no second factor yet" in page
    assert await new_password(who) == email
    assert f'name="next" value="{path}"' in await seen(http, asked.headers["Location"])
    status, page, _ = await posted(http, "/console/step-up", next=path, code="not it")
    assert (status, "The password is wrong" in page) == (401, True)
    status, page, _ = await posted(http, "/console/step-up", next=path, code=PASSWORD)
    assert (status, f'content="0;url={path}"' in page) == (200, True)
    assert email in await seen(http, path)


async def test_a_file_is_tried_before_anybody_is_invited(
    visit: Visit, client: Client, owner: "Connection[Any]"
) -> None:
    http, path = visit(client.principal()), f"/console/clients/{client.id}/people/import"
    text = f"email,display_name\na@{client.id.hex}.example,Ann\nnobody,Bob\n"
    counted = "SELECT count(*) FROM users WHERE tenant_id = $1 AND status = 'invited'"
    file = FileStorage(io.BytesIO(text.encode()), "people.csv", "file")
    answer = await http.post(path, files={"file": file}, headers=HERE)
    page = await answer.get_data(as_text=True)
    assert "<strong>1 person</strong> would be invited, 1 line refused" in page
    assert await owner.fetchval(counted, client.id) == 0
    _, page, _ = await posted(http, path, step="import", text=text)
    assert "1 person is invited" in page
    assert await owner.fetchval(counted, client.id) == 1


async def test_an_msp_makes_changes_and_suspends_a_client(
    visit: Visit, msp: Msp, owner: "Connection[Any]"
) -> None:
    http = visit(msp.principal())
    wanted = {"name": "Harbour Dental", "seats": "7", "country": "de", "timezone": "Europe/Berlin",
              "template": "hipaa", "framework": "hipaa"}  # fmt: skip
    status, page, _ = await posted(http, "/console/clients/new", **wanted | {"seats": "many"})
    assert (status, "whole number" in page, "Harbour Dental" in page) == (422, True, True)
    status, _, where = await posted(http, "/console/clients/new", **wanted)
    assert status == 303
    settings = where.partition("?")[0]
    page = await seen(http, where)
    assert "Harbour Dental" in page
    assert re.search(r'class="next">.*?Invite an administrator</a>', page, re.DOTALL)
    assert page.count('class="done"') == 0
    people = settings.replace("settings", "people")
    page = await seen(http, f"{people}?role=client_admin")
    assert '<details class="fold card flush" open><summary>Invite' in page
    assert "<strong>Invite an administrator</strong>, on this page" in page
    feed = settings.replace("settings", "feed")
    await owner.execute(
        "INSERT INTO users (tenant_id, id, msp_id, client_id, email, display_name, role) SELECT"
        " tenant_id, gen_random_uuid(), msp_id, tenant_id, 'a@b.example', 'A', 'client_admin'"
        " FROM clients WHERE tenant_id = $1", settings.split("/")[3],
    )  # fmt: skip
    page = await seen(http, feed)
    assert re.search(r'class="next">.*?Bring its people in</a>', page, re.DOTALL)
    assert page.count('class="done"') == 1
    stale = {"do": "change", **wanted, "seats": "9", "grace_days": "30", "base_version": "99"}
    assert (await posted(http, settings, **stale))[0] == 412
    assert (await posted(http, settings, **stale | {"base_version": "1"}))[0] == 303
    row = await owner.fetchrow("SELECT * FROM clients WHERE tenant_id = $1", settings.split("/")[3])
    assert (row["seats"], row["country"], row["frameworks"]) == (9, "DE", ["hipaa"])
    assert (await posted(http, settings, do="suspend", reason="Unpaid"))[0] == 303
    page = await seen(http, settings)
    assert "Reactivate Harbour Dental" in page
    assert "Getting started" not in page
    assert '<span class="tag">suspended</span>' in await seen(http, "/console/clients")


async def test_a_client_closes_its_lockbox_and_finds_no_page_of_its_msp(
    visit: Visit, msp: Msp, client: Client
) -> None:
    inside, outside = visit(client.principal()), visit(msp.principal())
    settings = f"/console/clients/{client.id}/settings"
    assert "service provider's to change" in await seen(inside, settings)
    box = f"/console/clients/{client.id}/lockbox"
    assert (await posted(inside, box, do="close", reason="Audit"))[0] == 303
    assert ">closed</span>" in await seen(inside, settings)
    assert ">closed</span>" in await seen(outside, settings)
    assert (await outside.get(f"/console/clients/{client.id}/people")).status_code == 403
    assert (await posted(inside, box, do="for-a-time", reason="Help", hours="8"))[0] == 303
    assert (await outside.get(f"/console/clients/{client.id}/people")).status_code == 200
    for path in ("/console/staff", "/console/clients/new"):
        answer = await inside.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/console")
