"""Every AI service's file says what the schema asks for, and nothing twice."""

import json
import tomllib
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from backend.services.shared_data import SHARED_RULES, ai_services

SCHEMA = json.loads((SHARED_RULES / "schema/service.schema.json").read_text("utf-8"))
FILES = {
    path.stem: json.loads(json.dumps(tomllib.loads(path.read_text("utf-8")), default=str))
    for path in sorted((SHARED_RULES / "services").glob("*.toml"))
}
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def test_at_least_a_hundred_services_are_known() -> None:
    assert len(FILES) >= 100


def test_every_file_fits_the_schema_and_is_named_after_its_id() -> None:
    wrong = {name: VALIDATOR.iter_errors(found) for name, found in FILES.items()}
    assert {name: [one.message for one in found] for name, found in wrong.items()} == {
        name: [] for name in FILES
    }
    assert [name for name, found in FILES.items() if found["id"] != name] == []


def test_no_two_services_share_a_name() -> None:
    names = [found["name"].lower() for found in FILES.values()]
    assert len(names) == len(set(names))


def test_nothing_was_checked_on_a_day_to_come() -> None:
    assert [one.id for one in ai_services() if one.checked_on > date.today()] == []  # noqa: DTZ011


def test_a_host_that_is_shared_is_one_of_the_services_hosts() -> None:
    assert [one.id for one in ai_services() if not set(one.shared_hosts) <= set(one.hosts)] == []


def test_a_region_is_named_only_where_the_vendor_states_it() -> None:
    assert [one.id for one in ai_services() if one.regions and one.residency == "unknown"] == []


@pytest.mark.parametrize(
    "values",
    [
        {"training": "maybe"}, {"baa": True}, {"hosts": []}, {"hosts": ["https://a.example"]},
        {"source": "the vendor's own site"}, {"category": "other"}, {"verdict": "safe"},
        {"checked_on": "yesterday"},
    ],
    ids=str,
)  # fmt: skip
def test_the_schema_refuses_what_is_not_an_answer(values: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(FILES["claude"])
    assert not VALIDATOR.is_valid({**FILES["claude"], **values})
