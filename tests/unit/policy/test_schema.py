"""The published schema says what the reader does."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from backend.policy.actions import FAMILIES, Action, Remedy
from backend.policy.reading import FIELDS, read_policy
from tests.unit.policy.test_reading import MISTAKES
from tests.unit.policy.worlds import a_document, documents

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "shared-rules/schema/policy.schema.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)
SAID_IN_WORDS_ONLY = {
    "name", "messages.warn", "services.prohibited", "combinations.0", "custom.patterns.one.pattern",
    "custom.patterns.one", "custom.allowed.one.until",
}  # fmt: skip
"""Control characters and contradictions between fields: the reader alone refuses them."""


@given(documents)
def test_the_schema_accepts_every_policy(document: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(document)
    assert VALIDATOR.is_valid(read_policy(document).document())


@pytest.mark.parametrize(
    "values", [values for values, field in MISTAKES if field not in SAID_IN_WORDS_ONLY]
)
def test_the_schema_refuses_what_the_reader_refuses(values: dict[str, Any]) -> None:
    text = json.dumps(a_document(**values)).replace("NaN", "2")
    assert not VALIDATOR.is_valid(json.loads(text))


def test_the_schema_lists_the_same_fields_and_choices() -> None:
    assert set(SCHEMA["properties"]) == set(FIELDS)
    assert SCHEMA["$defs"]["action"]["enum"] == [action.value for action in Action]
    assert SCHEMA["$defs"]["family"]["enum"] == list(FAMILIES)
    warn = SCHEMA["properties"]["remedies"]["properties"]["warn"]
    assert warn["items"]["enum"] == [remedy.value for remedy in Remedy]
