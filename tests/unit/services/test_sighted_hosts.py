"""What a log says about AI services, and that everything else in it is dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import InvalidInput
from backend.services.ai_service_registry import ServiceList
from backend.services.sighted_hosts import looks_like_ai, read_log, sorted_out
from tests.unit.policy.test_service_list import a_service

SERVICES = ServiceList(
    (
        a_service(),
        a_service(id="suite", hosts=("suite.example",), shared_hosts=("suite.example",)),
    )
)


def test_a_host_below_a_service_counts_as_the_service() -> None:
    found = sorted_out([("Ann.Chat.Example.", 2), ("chat.example", 1)], SERVICES)
    assert found.sightings == {"chat.example": 3}


@pytest.mark.parametrize(
    "host", ["new.ai", "my-gpt.example", "chatgpt4.example", "llm.example.org", "aichat.example"]
)
def test_a_host_named_like_an_ai_service_is_kept(host: str) -> None:
    assert looks_like_ai(host)


@pytest.mark.parametrize(
    "host", ["bank.example", "mail.example", "air.example", "email.example", "aim.example"]
)
def test_a_host_named_like_anything_else_is_dropped(host: str) -> None:
    assert not looks_like_ai(host)


@given(st.lists(st.tuples(st.text(max_size=40), st.integers(-3, 9))))
def test_whatever_a_log_holds_only_hosts_with_a_reason_are_kept(
    lines: list[tuple[str, int]],
) -> None:
    found = sorted_out(lines, SERVICES)
    assert found.lines == len(lines)
    for host, count in found.sightings.items():
        assert count > 0
        assert SERVICES.find(host) is not None or looks_like_ai(host)
        assert host.isascii()


def test_where_ai_is_a_part_of_a_product_its_host_says_nothing() -> None:
    assert sorted_out([("app.suite.example", 5)], SERVICES).sightings == {}


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        ("host,count\npoe.com,3\n", "text/csv"),
        ("\ufeffTime,Query,Hits\n1,poe.com,3\n", "text/csv"),
        ('[{"host": "poe.com", "count": 3}]', "application/json"),
        ('{"host": "poe.com", "count": "3"}\n', "application/x-ndjson"),
    ],
)
def test_a_log_is_read_in_each_of_its_forms(content: str, media_type: str) -> None:
    assert read_log(content, media_type) == [("poe.com", 3)]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        ("", "text/csv"), ("a,b\n1,2\n", "text/csv"), ('host\n"un', "text/csv"),
        ("{", "application/json"), ("[1]", "application/json"), ("[" * 9000, "application/json"),
        ('{"host": "a"}\nnot json', "application/x-ndjson"),
    ],
)  # fmt: skip
def test_what_is_no_log_is_refused(content: str, media_type: str) -> None:
    with pytest.raises(InvalidInput):
        read_log(content, media_type)


@pytest.mark.parametrize("count", ["-1", "many", "", "1e9", "9" * 99])
def test_a_count_that_is_none_counts_as_nothing(count: str) -> None:
    assert read_log(f"host,count\npoe.com,{count}\n", "text/csv") == [("poe.com", 0)]
