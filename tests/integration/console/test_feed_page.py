"""The feed: what an admin needs to know, in few rows, and nothing of a prompt."""

import re
from datetime import timedelta

import pytest
from quart.typing import TestClientProtocol as HttpClient

from tests.integration.console.conftest import Visit
from tests.integration.policy.worlds import NOW, Client, Msp, World


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    return visit(msp.principal())


async def text_of(http: HttpClient, path: str, status: int = 200) -> str:
    answer = await http.get(path)
    assert answer.status_code == status
    page: str = await answer.get_data(as_text=True)
    return page


def rows(page: str) -> list[str]:
    found = re.findall(r"<li data-key.*?</li>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


async def test_a_row_says_who_what_where_how_bad_and_what_became_of_it(
    http: HttpClient, world: World, client: Client
) -> None:
    kinds = {"US_SSN": 2, "PERSON": 1}
    await world.submission(client, "warn", "justified_sent", kinds=kinds, severity="critical")
    (row,) = rows(await text_of(http, "/console/feed"))
    for words in (
        "20 Nov 2026, 12:00:00 UTC", "warn", "critical", "US SSN ×2, person", "Carl Client",
        "Lakeside", "chat.example", "sent, with a reason", "policy version 1",
    ):  # fmt: skip
        assert words in row


async def test_repeats_of_one_hour_are_one_row_that_counts_them(
    http: HttpClient, world: World, client: Client
) -> None:
    await world.submission(client, "block", "prevented", NOW - timedelta(minutes=1))
    await world.submission(client, "block", "redacted_sent", NOW)
    for minute in range(40):
        await world.submission(client, "block", "prevented", NOW + timedelta(minutes=minute))
    shown = rows(await text_of(http, f"/console/clients/{client.id}/feed"))
    assert len(shown) == 3
    assert "40 times since 20 Nov 2026, 12:00:00 UTC" in shown[0]


async def test_a_row_keeps_its_key_when_a_repeat_joins_it(
    http: HttpClient, world: World, client: Client
) -> None:
    await world.submission(client, "block", "prevented", NOW)
    before = re.findall(r'data-key="(\S+)"', await text_of(http, "/console/feed/items"))
    await world.submission(client, "block", "prevented", NOW + timedelta(minutes=1))
    after = re.findall(r'data-key="(\S+)"', await text_of(http, "/console/feed/items"))
    assert before == after


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("action=block", 2),
        ("severity=low", 1),
        ("outcome=left", 1),
        ("outcome=stayed&action=block", 2),
        ("service=claude", 0),
        ("action=&severity=&outcome=&service=", 4),
    ],
)
async def test_filters_narrow_the_feed(
    http: HttpClient, world: World, client: Client, query: str, found: int
) -> None:
    await world.submission(client, "block", "prevented")
    await world.submission(client, "block", "redacted_sent")
    await world.submission(client, "warn", "overridden_sent", severity="low")
    await world.submission(client, "flag", "false_positive")
    page = await text_of(http, f"/console/clients/{client.id}/feed?{query}")
    assert len(rows(page)) == found
    part = await text_of(http, f"/console/clients/{client.id}/feed/items?{query}")
    assert len(rows(part)) == found


async def test_a_filter_nobody_offered_is_refused_not_ignored(http: HttpClient) -> None:
    assert "no such filter" in await text_of(http, "/console/feed?action=explode", 422)


async def test_older_violations_are_a_page_away_and_keep_the_filter(
    http: HttpClient, world: World, client: Client
) -> None:
    for hour in range(101):
        await world.submission(client, "block", "prevented", NOW - timedelta(hours=hour))
    page = await text_of(http, "/console/feed?action=block")
    assert len(rows(page)) == 100
    link = re.search(r'href="(/console/feed\?[^"]*older=[^"]*)"', page)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    assert "action=block" in address
    older = await text_of(http, address)
    assert len(rows(older)) == 1
    assert "Back to the live feed" in older
    assert "feed.js" not in older


async def test_an_empty_feed_says_what_will_appear_and_an_empty_filter_says_that(
    http: HttpClient, client: Client
) -> None:
    feed = f"/console/clients/{client.id}/feed"
    assert "within a second" in await text_of(http, feed)
    assert "No violation fits these filters" in await text_of(http, f"{feed}?action=flag")
