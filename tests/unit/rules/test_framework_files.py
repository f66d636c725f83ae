"""Frameworks are dated data: each file fits its schema, and its schema refuses what it should."""

import copy
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from backend.core.errors import ConfigurationError
from backend.services.frameworks import frameworks
from backend.services.shared_data import SHARED_RULES

SCHEMA = json.loads((SHARED_RULES / "schema/framework.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
PATHS = sorted((SHARED_RULES / "frameworks").glob("*.toml"))


def _plain(path: Path) -> dict[str, Any]:
    """Return a file as JSON has it: dates as text."""
    content = tomllib.loads(path.read_text("utf-8"))
    plain: dict[str, Any] = json.loads(json.dumps(content, default=str))
    return plain


def test_there_are_the_seven_frameworks() -> None:
    wanted = {"hipaa", "soc2", "gdpr", "pci", "iso27001", "iso42001", "eu-ai-act"}
    assert set(frameworks()) == wanted


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_each_file_fits_the_schema_and_is_named_by_its_id(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(_plain(path))] == []
    assert _plain(path)["id"] == path.stem


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda said: said["controls"][0].pop(name)


def _with(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda said: said["controls"][0].update(values)


@pytest.mark.parametrize(
    "spoil",
    [
        _without("title"), _without("status"), _without("source"), _without("in_force_from"),
        _with(status="maybe"), _with(in_force_from="soon"), _with(surprise=1),
        lambda said: said["concerns"].update(nonsense=[]), lambda said: said.pop("checked_on"),
    ],
)  # fmt: skip
def test_the_schema_refuses_what_is_undated_untitled_or_unknown(
    spoil: Callable[[dict[str, Any]], object],
) -> None:
    said = copy.deepcopy(_plain(PATHS[0]))
    spoil(said)
    assert not VALIDATOR.is_valid(said)


def test_no_control_is_listed_twice_in_a_file() -> None:
    for path in PATHS:
        ids = [control["id"] for control in _plain(path)["controls"]]
        assert len(set(ids)) == len(ids)


def test_a_concern_that_names_an_absent_control_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "frameworks").mkdir()
    text = PATHS[0].read_text("utf-8").replace("administration = [", 'administration = ["none", ')
    (tmp_path / "frameworks/bad.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match="none"):
        frameworks(tmp_path)
