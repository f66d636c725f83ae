"""A client's own rules on their page: added, changed, removed and tried without knowing JSON."""

import html
import json
import re
from typing import Any

import pytest
from asyncpg import Connection
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.console.conftest import SITE, Visit
from tests.integration.console.test_sessions import hidden
from tests.integration.policy.worlds import Client, Msp, World

HERE = {"Origin": SITE}
PEOPLE = "Zephyrine Quackenbush\nBarnaby Thistlewood"
ORDERS = {"name": "Orders", "pattern": r"\bORD-\d{5}\b", "category": "pii", "severity": "high"}
PROJECTS = {"name": "Projects", "words": "falcon\n\nBlue  Heron\n", "category": "secret"}
PATIENTS = {"name": "Patients", "values": PEOPLE, "category": "phi", "severity": "critical"}
RECEPTION = {"name": "Reception", "values": "(415) 555-0132", "type": "phone number"}
DEFAULTS = {"severity": "high", "category": "pii"}


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    return visit(msp.principal())


async def text_of(answer: Any) -> str:
    page: str = await answer.get_data(as_text=True)
    return page


def plain(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


async def send(
    http: HttpClient,
    client: Client,
    part: str,
    fields: dict[str, str],
    version: int = 1,
    step: str = "publish",
) -> tuple[int, str]:
    form = {"base_version": str(version), "reason": "A test", "step": step, **DEFAULTS, **fields}
    path = f"/console/clients/{client.id}/own-rules/{part}"
    answer = await http.post(path, form=form, headers=HERE)
    if answer.status_code == 303:
        return 303, await text_of(await http.get(answer.headers["Location"]))
    return answer.status_code, await text_of(answer)


async def rules_page(http: HttpClient, client: Client) -> str:
    return await text_of(await http.get(f"/console/clients/{client.id}/own-rules"))


async def custom(owner: "Connection[Any]", client: Client) -> dict[str, Any]:
    """Return what the newest version says."""
    document = await owner.fetchval(
        "SELECT document FROM policy_versions WHERE tenant_id = $1 ORDER BY version DESC LIMIT 1",
        client.id,
    )
    return dict(json.loads(document)["custom"])


@pytest.mark.parametrize(
    ("part", "fields", "key", "said"),
    [
        ("keywords", PROJECTS, "projects", "2 words · Secret data · severity high"),
        ("patterns", ORDERS, "orders", r"\bORD-\d{5}\b"),
        ("values", PATIENTS, "patients", "2 values · Health data · severity critical"),
        ("allowed", RECEPTION, "reception", "1 value · as Phone number only · for good"),
    ],
)
async def test_each_kind_is_added_with_words_alone(
    http: HttpClient,
    client: Client,
    owner: "Connection[Any]",
    part: str,
    fields: dict[str, str],
    key: str,
    said: str,
) -> None:
    status, page = await send(http, client, part, fields)
    assert status == 303, plain(page)
    assert "Version 2 is published" in page
    assert said in plain(page)
    assert list((await custom(owner, client))[part]) == [key]


async def test_words_are_one_a_line_and_spaces_do_not_matter(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    await send(http, client, "keywords", PROJECTS)
    assert (await custom(owner, client))["keywords"]["projects"] == {
        "name": "Projects", "category": "secret", "severity": "high",
        "words": ["falcon", "Blue Heron"],
    }  # fmt: skip


async def test_looking_at_a_change_says_it_in_words_and_publishes_nothing(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    status, page = await send(http, client, "patterns", ORDERS, step="preview")
    assert status == 200
    assert r"Pattern “Orders” is new – \bORD-\d{5}\b; personal data, severity high stricter" in (
        plain(page)
    )
    assert not (await custom(owner, client))["patterns"]


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        ("keywords", PROJECTS),
        ("patterns", ORDERS | {"near": "order\nsupplier"}),
        ("values", PATIENTS),
        ("allowed", RECEPTION | {"until": "2030-01-31"}),
    ],
)
async def test_a_preview_carries_the_change_on_and_back(
    http: HttpClient,
    client: Client,
    owner: "Connection[Any]",
    part: str,
    fields: dict[str, str],
) -> None:
    _, preview = await send(http, client, part, fields, step="preview")
    carried = {name: html.unescape(value) for name, value in hidden(preview).items()}
    status, form = await send(http, client, part, carried, step="edit")
    assert status == 200
    assert f'value="{fields["name"]}"' in form
    for line in fields.get("near", "").splitlines():
        assert line in form
    status, page = await send(http, client, part, carried)
    assert status == 303, plain(page)
    assert len((await custom(owner, client))[part]) == 1


async def test_known_values_are_kept_as_digests_and_never_shown_again(
    http: HttpClient, client: Client, owner: "Connection[Any]", capsys: pytest.CaptureFixture[str]
) -> None:
    pages = []
    for step in ("preview", "try", "edit", "publish"):
        _, page = await send(http, client, "values", PATIENTS, step=step)
        pages.append(page)
    pages.append(await text_of(await http.get(f"/console/clients/{client.id}/policy")))
    form = f"/console/clients/{client.id}/own-rules/values/patients"
    pages.append(await text_of(await http.get(form)))
    entry = (await custom(owner, client))["values"]["patients"]
    assert (len(entry["digests"]), entry["lengths"]) == (2, [18, 20])
    for page in pages:
        assert "uackenbush" not in page.casefold()
    assert entry["digests"][0] not in plain(pages[0] + pages[-2] + pages[-1])
    assert "2 values are taken in" in plain(pages[1])
    logged = capsys.readouterr()
    assert "uackenbush" not in (logged.out + logged.err + await everything(owner)).casefold()


async def everything(owner: "Connection[Any]") -> str:
    tables = await owner.fetch(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace"
    )
    rows = [await owner.fetch(f"SELECT t::text FROM {table[0]} t") for table in tables]
    return "\n".join(row[0] for found in rows for row in found)


async def test_more_values_are_added_and_all_are_replaced(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    await send(http, client, "values", PATIENTS)
    more = PATIENTS | {"key": "patients", "values": "Ann Quillworth", "mode": "add"}
    _, page = await send(http, client, "values", more, 2, "preview")
    assert "“Patients”: values 2 values 3 values: 1 new stricter" in plain(page)
    await send(http, client, "values", more, 2)
    assert len((await custom(owner, client))["values"]["patients"]["digests"]) == 3
    replaced = more | {"mode": "replace"}
    _, page = await send(http, client, "values", replaced, 3, "preview")
    assert "3 values 1 value: 2 taken out milder" in plain(page)
    await send(http, client, "values", replaced, 3)
    entry = (await custom(owner, client))["values"]["patients"]
    assert (len(entry["digests"]), entry["lengths"]) == (1, [13])


async def test_a_name_is_changed_without_pasting_the_values_again(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    await send(http, client, "values", PATIENTS)
    renamed = PATIENTS | {"key": "patients", "name": "Our patients", "values": "", "mode": "add"}
    status, _ = await send(http, client, "values", renamed, 2)
    entry = (await custom(owner, client))["values"]["patients"]
    assert (status, entry["name"], len(entry["digests"])) == (303, "Our patients", 2)


@pytest.mark.parametrize(
    ("pasted", "count"),
    [
        ('"Lopez, Maria"\r\n"Lee, Ann"\r\n', 2),
        ("\ufeffMaria Lopez,\nAnn Quill,\n", 2),
        ("Lopez, Maria\nLopez, Maria\n", 1),
        ("(415) 555-0132\n00482913", 2),
    ],
)
async def test_a_column_of_a_spreadsheet_is_taken_as_it_is_pasted(
    http: HttpClient, client: Client, owner: "Connection[Any]", pasted: str, count: int
) -> None:
    status, page = await send(http, client, "values", PATIENTS | {"values": pasted})
    assert status == 303, plain(page)
    assert len((await custom(owner, client))["values"]["patients"]["digests"]) == count


@pytest.mark.parametrize(
    ("part", "fields", "field", "why"),
    [
        ("patterns", {"pattern": r"\w+"}, "pattern", "ordinary texts, so it would stop people"),
        ("patterns", {"pattern": "(?=a)b"}, "pattern", "The pattern is refused by RE2"),
        ("patterns", {"pattern": "^ORD"}, "pattern", "leave ^ and $ out"),
        ("patterns", {"pattern": " "}, "pattern", "Write the pattern"),
        ("patterns", {"name": " "}, "name", "Give it a name"),
        ("patterns", {"name": "x" * 81}, "name", "The name is longer than 80 characters."),
        ("patterns", {"near": "order\nof"}, "near", "“of” has fewer than three letters"),
        ("patterns", {"severity": "awful"}, "severity", "The severity must be one of low"),
        ("keywords", {"words": "falcon\nab"}, "words", "“ab” has fewer than three letters"),
        ("keywords", {"words": " \n"}, "words", "Write at least one word."),
        ("keywords", {"words": "\n".join(map("word {}".format, range(501)))},
         "words", "has more than 500 entries"),
        ("values", {"values": ""}, "values", "Paste at least one value."),
        ("values", {"values": "Ann Quillworth\n4-5"}, "values", "Line 2 cannot be listed"),
        ("values", {"values": "a b c d e f g"}, "values", "at most 6 words"),
        ("values", {"values": "Ann\t1962"}, "values", "Line 1 holds several columns"),
        ("values", {"values": "Ann Lee,00482913"}, "values", "Line 1 holds several columns"),
        ("allowed", {"type": "NO_SUCH"}, "type", "There is no such type"),
        ("allowed", {"until": "tomorrow"}, "until", "The day must be a day such as"),
    ],
)  # fmt: skip
async def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(
    http: HttpClient, client: Client, part: str, fields: dict[str, str], field: str, why: str
) -> None:
    usual = {"keywords": PROJECTS, "patterns": ORDERS, "values": PATIENTS, "allowed": RECEPTION}
    typed = usual[part] | fields
    status, page = await send(http, client, part, typed, step="preview")
    assert status == 422
    beside = re.search(rf'<strong class="error" id="{field}-error">(.*?)</strong>', page)
    assert beside is not None, plain(page)
    assert why in html.unescape(beside[1])
    described = re.search(rf'<\w+ id="{field}"[^>]*aria-describedby="([^"]*)"', page)
    assert described is not None
    assert f"{field}-error" in described[1].split()
    for name in ("name", "pattern", "type", "until"):
        if name in typed and typed[name].strip():
            assert f'value="{html.escape(typed[name])}"' in page
    for line in (*typed.get("words", "").splitlines()[:3], *typed.get("near", "").splitlines()):
        assert html.escape(line) in page
    if field == "values":
        assert html.escape(typed["values"]) in html.unescape(page).replace("&#34;", '"')


async def test_a_wrong_name_does_not_lose_pasted_values_and_does_not_show_them(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    _, page = await send(http, client, "values", PATIENTS | {"name": ""}, step="preview")
    assert "2 values are taken in" in plain(page)
    assert "uackenbush" not in page
    kept = hidden(page)["kept"]
    again = PATIENTS | {"values": "", "kept": kept}
    status, _ = await send(http, client, "values", again)
    entry = (await custom(owner, client))["values"]["patients"]
    assert (status, len(entry["digests"])) == (303, 2)


async def test_what_is_kept_of_values_cannot_be_made_up(http: HttpClient, client: Client) -> None:
    for kept in ("x", "f" * 34, "f" * 32 + "99", "." * 50):
        made_up = PATIENTS | {"values": "", "kept": kept}
        status, page = await send(http, client, "values", made_up)
        assert (status, "values-error" in page) == (422, True)


async def test_an_entry_is_removed_after_a_look(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    await send(http, client, "patterns", ORDERS)
    gone = {"key": "orders", "removes": "1"}
    _, page = await send(http, client, "patterns", gone, 2, "preview")
    assert "Pattern “Orders” is removed" in plain(page)
    assert "Milder than before" in page
    carried = hidden(page)
    assert carried == {"base_version": "2", "key": "orders", "removes": "1"}
    status, form = await send(http, client, "patterns", carried, 2, "edit")
    assert (status, 'value="Orders"' in form) == (200, True)
    status, page = await send(http, client, "patterns", carried, 2)
    assert status == 303
    assert "No pattern yet." in page
    assert not (await custom(owner, client))["patterns"]


async def test_the_history_of_the_policy_says_it_in_words(http: HttpClient, client: Client) -> None:
    await send(http, client, "patterns", ORDERS)
    await send(http, client, "values", PATIENTS, 2)
    await send(http, client, "patterns", ORDERS | {"key": "orders", "severity": "low"}, 3)
    page = plain(await text_of(await http.get(f"/console/clients/{client.id}/policy")))
    assert "Pattern “Orders” is new" in page
    assert (
        "List of known values “Patients” is new: 2 values; health data, severity critical" in page
    )
    assert "Pattern “Orders”: severity: high → becomes low" in page
    assert "digests" not in page
    assert "custom" not in page.casefold().replace("customer", "")


async def test_a_stale_form_keeps_what_was_typed_and_says_what_the_other_did(
    http: HttpClient, client: Client
) -> None:
    await send(http, client, "patterns", ORDERS)
    for step in ("preview", "publish", "try"):
        status, page = await send(http, client, "keywords", PROJECTS, step=step)
        assert status == 412
        assert "Somebody published meanwhile" in page
        assert "Version 2 by Mia Msp" in plain(page)
        assert "Pattern “Orders” is new" in plain(page)
        assert 'name="base_version" value="2"' in page
        assert "Blue  Heron" in page
    status, page = await send(http, client, "patterns", {"key": "orders", "removes": "1"}, 1)
    assert status in {404, 412}


async def test_a_removal_that_is_too_late_shows_all_rules(http: HttpClient, client: Client) -> None:
    await send(http, client, "patterns", ORDERS)
    await send(http, client, "keywords", PROJECTS, 2)
    status, page = await send(http, client, "patterns", {"key": "orders", "removes": "1"}, 2)
    assert status == 412
    assert "Somebody published meanwhile" in page
    assert "Keyword list “Projects” is new" in plain(page)


async def test_what_stays_the_same_publishes_nothing(http: HttpClient, client: Client) -> None:
    await send(http, client, "patterns", ORDERS)
    status, page = await send(http, client, "patterns", ORDERS | {"key": "orders"}, 2, "preview")
    assert status == 409
    assert "Nothing changed" in page


async def test_two_entries_of_one_name_get_ids_of_their_own(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    await send(http, client, "patterns", ORDERS)
    await send(http, client, "keywords", PROJECTS | {"name": "Orders"}, 2)
    await send(http, client, "keywords", PROJECTS | {"name": "Проекты"}, 3)
    found = await custom(owner, client)
    assert (list(found["patterns"]), list(found["keywords"])) == (["orders"], ["orders-2", "rule"])


async def test_a_text_is_tried_with_the_draft_and_the_rulebook_before_anything_is_published(
    http: HttpClient, client: Client, owner: "Connection[Any]", capsys: pytest.CaptureFixture[str]
) -> None:
    sample = "Zephyrine: order ORD-12345, IBAN GB82 WEST 1234 5698 7654 32"
    before = await everything(owner)
    status, page = await send(http, client, "patterns", ORDERS | {"sample": sample}, step="try")
    said = plain(page)
    assert status == 200, said
    assert "2 findings." in said
    assert "ORD-12345 Is found by your organisation's own rule “Orders”." in said
    assert "Looks like an IBAN" in said
    assert 'value="Orders"' in page
    assert html.escape(sample) in page
    assert await everything(owner) == before
    logged = capsys.readouterr()
    assert "zephyrine" not in (logged.out + logged.err).casefold()


async def test_the_published_rules_are_tried_on_their_page(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    await send(http, client, "values", PATIENTS)
    before = await everything(owner)
    path = f"/console/clients/{client.id}/own-rules"
    form = {"sample": "<b>ZEPHYRINE quackenbush</b>"}
    answer = await http.post(path, form=form, headers=HERE)
    page = await text_of(answer)
    assert answer.status_code == 200
    assert "<mark>ZEPHYRINE quackenbush</mark>" in page
    assert "own rule “Patients”" in plain(page)
    assert "<b>ZEPHYRINE" not in page
    assert await everything(owner) == before
    answer = await http.post(path, form={"sample": "Nothing here."}, headers=HERE)
    assert "Nothing is found in this text." in await text_of(answer)
    answer = await http.post(path, form={"sample": "x" * 200_001}, headers=HERE)
    assert answer.status_code == 422


async def test_an_allowed_value_is_found_no_more_when_tried(
    http: HttpClient, client: Client
) -> None:
    sample = {"sample": "phone (415) 555-0132"}
    path = f"/console/clients/{client.id}/own-rules"
    assert "1 finding." in plain(await text_of(await http.post(path, form=sample, headers=HERE)))
    _, page = await send(http, client, "allowed", RECEPTION | sample, step="try")
    assert "Nothing is found in this text." in plain(page)


async def test_a_pattern_for_the_server_alone_says_so(http: HttpClient, client: Client) -> None:
    _, page = await send(http, client, "patterns", ORDERS | {"pattern": "(?:ORD|OR|O)+-[A-Z]{3}"})
    assert "Looked for by the server alone" in page


async def test_the_action_for_own_rules_is_chosen_with_the_others(
    http: HttpClient, client: Client
) -> None:
    await send(http, client, "patterns", ORDERS)
    path = f"/console/clients/{client.id}/policy"
    form = {"base_version": "2", "reason": "r", "step": "publish", "family-custom": "block"}
    assert (await http.post(path, form=form, headers=HERE)).status_code == 303
    policy = plain(await text_of(await http.get(path)))
    assert "Your own rules: by category → becomes block" in policy
    page = plain(await rules_page(http, client))
    assert "Orders block Personal data · severity high" in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MSP_TECHNICIAN])
async def test_who_may_only_read_sees_the_rules_and_cannot_change_or_try(
    http: HttpClient, visit: Visit, msp: Msp, client: Client, role: Role
) -> None:
    await send(http, client, "patterns", ORDERS)
    who = client.principal(role) if role is Role.AUDITOR else msp.principal(role)
    reader = visit(who)
    page = await rules_page(reader, client)
    assert "Orders" in page
    assert "may read these rules but not change them" in page
    assert 'name="sample"' not in page
    assert (await send(reader, client, "patterns", ORDERS, 2))[0] == 403
    path = f"/console/clients/{client.id}/own-rules"
    assert (await reader.post(path, form={"sample": "x"}, headers=HERE)).status_code == 403


async def test_rules_of_a_foreign_client_are_not_found_and_not_digested_for(
    visit: Visit, world: World, client: Client
) -> None:
    other = await world.client(await world.msp(), "Elsewhere")
    http = visit(client.principal())
    for path in ("", "/patterns", "/patterns/orders"):
        answer = await http.get(f"/console/clients/{other.id}/own-rules{path}")
        assert answer.status_code == 404
        assert "Elsewhere" not in await text_of(answer)
    for step in ("preview", "publish", "try", "edit"):
        status, page = await send(http, other, "values", PATIENTS, step=step)
        assert status == 404
        assert "Elsewhere" not in page
        assert "kept" not in hidden(page)
    answer = await http.post(
        f"/console/clients/{other.id}/own-rules", form={"sample": "x"}, headers=HERE
    )
    assert answer.status_code == 404


async def test_an_msp_reaches_no_client_of_another_msp(http: HttpClient, world: World) -> None:
    other = await world.client(await world.msp(), "Elsewhere")
    for step in ("preview", "try"):
        status, page = await send(http, other, "values", PATIENTS, step=step)
        assert (status, "kept" in hidden(page)) == (404, False)
    answer = await http.post(
        f"/console/clients/{other.id}/own-rules", form={"sample": "x"}, headers=HERE
    )
    assert answer.status_code == 404


async def test_posts_from_elsewhere_are_refused(http: HttpClient, client: Client) -> None:
    for path in ("", "/patterns"):
        answer = await http.post(
            f"/console/clients/{client.id}/own-rules{path}",
            form={"sample": "x"}, headers={"Origin": "https://evil.example"},
        )  # fmt: skip
        assert answer.status_code == 403


async def test_a_sign_in_in_between_carries_the_change_but_no_value_and_no_tried_text(
    stranger: HttpClient, http: HttpClient, client: Client
) -> None:
    path = f"/console/clients/{client.id}/own-rules/values"
    form = {"base_version": "1", "step": "publish", "sample": "Zephyrine", **PATIENTS}
    answer = await stranger.post(path, form=form, headers=HERE)
    page = await text_of(answer)
    assert answer.status_code == 401
    assert 'value="Patients"' in page
    assert "ephyrine" not in page
    kept = {
        name.removeprefix("kept:"): value
        for name, value in hidden(page).items()
        if name.startswith("kept:")
    }
    assert kept["step"] == "preview"
    _, page = await send(http, client, "values", kept, step="preview")
    assert "Paste the values again" in page


@pytest.mark.parametrize("path", ["/nonsense", "/patterns/none", "/patterns/%C3%A9", "/values/x/y"])
async def test_an_address_of_no_rule_is_no_page(
    http: HttpClient, client: Client, path: str
) -> None:
    answer = await http.get(f"/console/clients/{client.id}/own-rules{path}")
    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")


async def test_a_text_is_tried_before_the_rule_has_a_name(http: HttpClient, client: Client) -> None:
    nameless = ORDERS | {"name": "", "sample": "order ORD-12345"}
    status, page = await send(http, client, "patterns", nameless, step="try")
    assert status == 200
    assert "<mark>ORD-12345</mark>" in page
    assert 'id="name" name="name" maxlength="80" value=""' in page


async def test_as_many_values_as_a_policy_takes_pass_through_the_preview(
    http: HttpClient, client: Client, owner: "Connection[Any]"
) -> None:
    many = PATIENTS | {"values": "\n".join(f"MRN {number:08d}" for number in range(5000))}
    status, page = await send(http, client, "values", many, step="preview")
    assert status == 200
    carried = {name: html.unescape(value) for name, value in hidden(page).items()}
    status, _ = await send(http, client, "values", carried)
    assert status == 303
    assert len((await custom(owner, client))["values"]["patients"]["digests"]) == 5000
    more = PATIENTS | {"key": "patients", "values": "One more", "mode": "add"}
    status, page = await send(http, client, "values", more, 2, "preview")
    assert status == 422
    assert "The list of values has more than 5000 entries." in plain(page)
    assert "1 value is taken in" in plain(page)
