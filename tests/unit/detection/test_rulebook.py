"""A rulebook's version is the hash of its rules, however the file is written."""

import json
from typing import Any

import pytest

from backend.detection.rulebook import DEFAULT_PATH, Rulebook, canonical


@pytest.fixture
def document() -> dict[str, Any]:
    """Return the shipped rulebook with its first two rules, under the version of all of them."""
    read = json.loads(DEFAULT_PATH.read_bytes())
    return {**read, "rules": read["rules"][:2]}


def test_rules_written_with_white_space_are_the_same_rules() -> None:
    content = DEFAULT_PATH.read_bytes()
    spaced = json.dumps(json.loads(content), indent=1).encode()
    assert Rulebook.parse(spaced) == Rulebook.parse(content)


def test_rules_under_another_version_are_refused(document: dict[str, Any]) -> None:
    for content in (canonical(document), json.dumps(document).encode()):
        with pytest.raises(ValueError, match="not the hash"):
            Rulebook.parse(content)
