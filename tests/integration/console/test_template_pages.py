"""Templates of an MSP by mouse: made, adopted by many, changed for all, and what clients say."""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlencode

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.console.conftest import SITE, Visit
from tests.integration.policy.worlds import Client, Msp, World

HERE = {"Origin": SITE, "Content-Type": "application/x-www-form-urlencoded"}
Form = Mapping[str, str | list[str]]


async def text_of(http: HttpClient, path: str) -> str:
    answer = await http.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return await answer.get_data(as_text=True)


async def step(http: HttpClient, path: str, form: Form) -> tuple[int, str, str]:
    """Send a form; return the status, the page it ends on, and its address."""
    answer = await http.post(path, data=urlencode(form, doseq=True), headers=HERE)
    if answer.status_code != 303:
        return answer.status_code, await answer.get_data(as_text=True), path
    there = answer.headers["Location"]
    return 303, await text_of(http, there), there.partition("?")[0]


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    return visit(msp.principal())


@pytest.fixture
async def template(http: HttpClient) -> str:
    """Give the address of a template that says how names are treated, at least so strictly."""
    _, page, there = await step(http, "/console/templates", {"name": "Our clinics"})
    assert "It says nothing yet" in page
    form = {"base_version": "1", "step": "publish", "reason": "One rule",
            "say:families.name": "block", "lock:families.name": "floor"}  # fmt: skip
    status, page, _ = await step(http, there, form)
    assert status == 303
    assert "Our clinics, version 2" in page
    assert "No client inherits from it yet" in page
    return there


async def adopt(http: HttpClient, template: str, *clients: Client) -> str:
    form = {"client": [str(one.id) for one in clients], "step": "adopt", "reason": "All alike"}
    status, page, _ = await step(http, f"{template}/clients", form)
    assert status == 200
    return page


async def test_a_template_reaches_every_client_that_adopted_it(
    http: HttpClient, world: World, msp: Msp, client: Client, template: str
) -> None:
    other = await world.client(msp, "Cedar")
    look = {"client": [str(client.id), str(other.id)], "step": "preview"}
    _, page, _ = await step(http, f"{template}/clients", look)
    assert page.count("Names of people") >= 3
    assert "2 clients of 2 adopted it" in await adopt(http, template, client, other)
    change = {"base_version": "2", "say:exception_minutes": "60", "reason": "Shorter"}
    _, page, _ = await step(http, template, {**change, "step": "preview"})
    assert "Publish version 3 for 2 clients" in page
    status, page, _ = await step(http, template, {**change, "step": "publish"})
    assert status == 303
    assert "2 clients obey it" in page
    held = await text_of(http, f"/console/clients/{other.id}/policy/origins")
    assert re.search(r"An exception lasts at most.*?1 hour.*?Our clinics", held, re.DOTALL)
    assert "held by Our clinics" in held


async def test_what_is_held_cannot_be_weakened_below_and_the_page_says_by_whom(
    http: HttpClient, client: Client, template: str
) -> None:
    await adopt(http, template, client)
    form = {"base_version": "2", "family-name": "allow", "reason": "x", "step": "publish"}
    status, page, _ = await step(http, f"/console/clients/{client.id}/policy", form)
    assert status in {409, 422}
    assert "Our clinics" in page


async def test_a_change_for_many_clients_asks_for_the_templates_name(
    http: HttpClient, world: World, msp: Msp, template: str
) -> None:
    clients = [await world.client(msp, f"Clinic {number}") for number in range(5)]
    await adopt(http, template, *clients)
    change = {"base_version": "2", "say:families.contact": "block", "reason": "x"}
    status, page, _ = await step(http, template, {**change, "step": "publish"})
    assert status == 422
    assert "The name is not typed yet" in page
    typed = {**change, "step": "publish", "typed": "Our clinics"}
    assert (await step(http, template, typed))[0] == 303


async def test_a_rule_and_a_combination_are_said_changed_and_taken_back(
    http: HttpClient, client: Client, template: str
) -> None:
    await adopt(http, template, client)
    form = {"base_version": "2", "step": "publish", "reason": "Both matter",
            "new-rule": "us-npi", "new-rule-action": "warn", "new-first:name": "on",
            "new-first:contact": "on", "new-second:card": "on", "new-combination-action": "block",
            "lock:rules.us-npi": "floor"}  # fmt: skip
    status, page, _ = await step(http, template, form)
    assert status == 303
    assert "Names of people or contact details with payment cards" in page
    assert 'name="say:rules.us-npi"' in page
    holds = await text_of(http, f"/console/clients/{client.id}/policy/origins?q=payment cards")
    assert "Our clinics" in holds
    both = {"base_version": "3", "say:combinations.contact+name/card": "warn"}
    _, page, _ = await step(http, template, {**both, "step": "preview"})
    assert "This is what would change" in page
    assert 'name="say:combinations.contact+name/card" value="warn"' in page
    gone = {"base_version": "3", "step": "publish", "reason": "Enough", "say:rules.us-npi": "",
            "say:combinations.contact+name/card": ""}  # fmt: skip
    status, page, _ = await step(http, template, gone)
    assert status == 303
    assert "say:combinations." not in page
    assert "say:rules." not in page


async def test_a_template_gives_all_its_clients_a_list_of_words(
    http: HttpClient, client: Client, template: str
) -> None:
    await adopt(http, template, client)
    typed = {"new-own-name": "Projects", "new-own-text": "Blue  Heron",
             "new-own-category": "pii", "new-own-severity": "high",
             "base_version": "2"}  # fmt: skip
    bad = {**typed, "new-own-part": "patterns", "new-own-text": "(", "step": "preview"}
    assert 'class="notice problem"' in (await step(http, template, bad))[1]
    assert "at least one word" in (await step(http, template, {**typed, "new-own-text": ""}))[1]
    _, page, _ = await step(http, template, {**typed, "step": "preview"})
    said = re.search(r'name="(say:custom.keywords.projects)" value="([^"]+)"', page)
    assert said is not None
    form = {"base_version": "2", "step": "publish", "reason": "New", said[1]: unescape(said[2])}
    status, page, _ = await step(http, template, form)
    assert status == 303
    assert "Projects: Blue Heron" in page
    holds = await text_of(http, f"/console/clients/{client.id}/policy/origins?q=projects")
    assert "Our clinics" in holds
    gone = {"base_version": "3", "step": "publish", "reason": "Over", said[1]: ""}
    _, page, _ = await step(http, template, gone)
    assert "say:custom" not in page


async def test_a_templates_emergency_stop_is_ended_where_it_stands(
    http: HttpClient, visit: Visit, client: Client, template: str
) -> None:
    await adopt(http, template, client)
    stop = '{"effect":"block","reason":"A leak","until":"2099-01-01T00:00:00+00:00"}'
    form = {"base_version": "2", "step": "publish", "reason": "Stop", "say:switches.poe": stop}
    _, page, _ = await step(http, template, form)
    assert "block until 2099-01-01 00:00 UTC: A leak" in page
    here = f"/console/clients/{client.id}/ai-services"
    assert f'stands in the template <a href="{template}">' in await text_of(http, here)
    assert template not in await text_of(visit(client.principal()), here)
    status, page, _ = await step(http, f"{here}/poe/lift", {"reason": "Over"})
    assert status == 409
    assert "so it is ended there" in page
    gone = {"base_version": "3", "step": "publish", "reason": "Over", "say:switches.poe": ""}
    assert (await step(http, template, gone))[0] == 303
    assert "Emergency stop of Poe" not in await text_of(http, here)


async def test_where_clients_differ_is_listed_with_since_when_and_taken_back(
    http: HttpClient, client: Client, template: str
) -> None:
    await adopt(http, template, client)
    here = f"/console/clients/{client.id}/policy"
    for version, action in ((2, "allow"), (3, "flag")):
        form = {"base_version": str(version), "family-contact": action, "step": "publish",
                "reason": f"Try {action}"}  # fmt: skip
        assert (await step(http, here, form))[0] == 303
    report = await text_of(http, "/console/departures?q=contact&weaker=1")
    assert "Lakeside" in report
    assert "Our clinics" in report
    page = await text_of(http, f"{here}/departures")
    assert "version 4 by Mia Msp: “Try flag”" in page
    back = {"base_version": "4", "field": "families.contact", "reason": "As the others"}
    status, page, _ = await step(http, f"{here}/departures", back)
    assert status == 303
    assert "is inherited again" in page
    assert "says exactly what it inherits" in page


async def test_a_change_that_protects_less_waits_on_the_templates_page(
    http: HttpClient, visit: Visit, world: World, msp: Msp, template: str
) -> None:
    careful = await world.client(msp, "Careful", second_approval="weakening")
    await adopt(http, template, careful)
    change = {"base_version": "2", "say:categories.phi": "flag", "reason": "Too many stops"}
    status, page, _ = await step(http, template, {**change, "step": "publish"})
    assert status == 303
    assert "It waits for a second person" in page
    found = re.search(r'action="([^"]+/changes/[^"]+)"', page)
    assert found is not None
    sam = visit(await world.staff(msp, Role.MSP_ADMIN))
    status, page, _ = await step(sam, found[1], {"step": "approve", "reason": "Agreed"})
    assert status == 303
    assert "Version 3 is published" in page


ODD: tuple[tuple[dict[str, str], str], ...] = (
    ({"say:families.name": "explode"}, "no value it can have"),
    ({"say:nonsense": "block"}, "names a field that no layer has"),
    ({"new-type": "US_SSN"}, "choose an action for it"),
    ({"new-rule": "US NPI", "new-rule-action": "warn"}, "not written like us-npi"),
    ({"new-first:name": "on", "new-combination-action": "warn"}, "tick what meets what"),
    ({"say:combinations.name/name": "block"}, "combines name with itself"),
    ({"say:combinations.name/card": "explode"}, "no value it can have"),
    ({"say:exception_minutes": "7"}, "An exception lasts at most"),
    ({}, "Nothing changed"),
)


async def test_an_odd_form_of_a_template_is_explained(http: HttpClient, template: str) -> None:
    for form, words in ODD:
        _, page, _ = await step(http, template, {"base_version": "2", "step": "preview", **form})
        assert words in page, form


async def test_templates_are_their_msps_alone(
    visit: Visit, world: World, client: Client, template: str
) -> None:
    other = visit((await world.msp()).principal())
    assert (await other.get(template)).status_code == 404
    assert (await visit(client.principal()).get(template)).status_code == 404
    assert (await visit(client.principal()).get("/console/templates")).status_code == 303


async def test_controls_of_a_template_have_a_title(http: HttpClient) -> None:
    page = await text_of(http, "/console/templates/platform/hipaa-strict")
    assert "HIPAA 164.514(b)(2)(i)(A): Safe Harbor: Names" in page


async def test_a_group_says_something_of_its_own_and_it_is_seen_where_it_comes_from(
    http: HttpClient, world: World, client: Client
) -> None:
    person = await world.person(client, Role.END_USER)
    group = await world.owner.fetchval(
        "INSERT INTO groups (tenant_id, id, msp_id, name) VALUES ($1, $2, $3, 'Billing')"
        " RETURNING id", client.id, client.policy_id, client.msp_id,
    )  # fmt: skip
    await world.owner.execute(
        "INSERT INTO group_members (tenant_id, group_id, user_id, msp_id) VALUES ($1, $2, $3, $4)",
        client.id, group, person.user_id, client.msp_id,
    )  # fmt: skip
    here = f"/console/clients/{client.id}/policy"
    status, page, layer = await step(http, f"{here}/layers", {"owner": f"group:{group}"})
    assert status == 303
    assert "without a word here: warn" in page
    form = {"base_version": "1", "say:families.contact": "flag", "step": "publish", "reason": "x"}
    status, page, _ = await step(http, layer, form)
    assert status == 303
    assert "Billing" in await text_of(http, f"{here}/layers")
    there = f"/console/clients/{client.id}/people/{person.user_id}"
    assert "Say something for this person alone" in await text_of(http, there)
    status, page, _ = await step(http, f"{here}/layers", {"owner": f"user:{person.user_id}"})
    assert "What holds for this person alone" in page
    assert "Open the personal layer" in await text_of(http, there)
    own = await text_of(http, f"{here}/origins?user={person.user_id}&q=contact")
    assert re.search(r"Contact details.*?flag.*?Billing", own, re.DOTALL)
    assert (await step(http, f"{here}/layers", {"owner": "group:none"}))[0] == 422
