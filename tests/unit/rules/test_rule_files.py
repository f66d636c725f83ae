"""Sweeps over the shared data files: what no file can get wrong alone."""

import string
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from backend.services.shared_data import SHARED_RULES, adapters, ai_services


def _read(folder: str) -> dict[Path, dict[str, Any]]:
    paths = sorted((SHARED_RULES / folder).rglob("*.toml"))
    return {path: tomllib.loads(path.read_text("utf-8")) for path in paths}


RULES = _read("rules")
FRAMEWORKS = _read("frameworks")
SAFE_HARBOR = string.ascii_uppercase[: string.ascii_uppercase.index("R") + 1]


def _titled_controls() -> set[str]:
    return {
        f"{framework['id']}:{control['id']}"
        for framework in FRAMEWORKS.values()
        for control in framework["controls"]
    }


def test_every_control_a_rule_names_has_a_title() -> None:
    named = {control for rule in RULES.values() for control in rule.get("controls", ())}
    assert named - _titled_controls() == set()


@pytest.mark.parametrize("letter", SAFE_HARBOR)
def test_every_safe_harbor_identifier_has_a_rule(letter: str) -> None:
    control = f"hipaa:164.514(b)(2)(i)({letter})"
    assert any(control in rule.get("controls", ()) for rule in RULES.values())


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_rule_explains_itself_and_its_examples(path: Path) -> None:
    rule = RULES[path]
    whys = [rule["why"], *(example["why"] for example in (*rule["match"], *rule["ignore"]))]
    assert all(why.strip() for why in whys)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_no_rule_fires_alone_below_the_least_confidence(path: Path) -> None:
    rule = RULES[path]
    need = rule.get("context", {}).get("need", "none")
    assert (rule["confidence"] >= 0.5) is (need == "none")


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_context_raises_confidence(path: Path) -> None:
    rule = RULES[path]
    assert rule.get("confidence_with_context", rule["confidence"]) >= rule["confidence"]


def test_no_host_belongs_to_two_ai_services() -> None:
    hosts = [host for service in ai_services() for host in service.hosts]
    assert len(hosts) == len(set(hosts))


def test_every_adapter_matches_hosts_of_its_ai_service() -> None:
    hosts = {service.id: set(service.hosts) for service in ai_services()}
    for adapter in adapters():
        matched = {urlsplit(pattern).hostname for pattern in adapter["match"]}
        assert matched <= hosts[adapter["service"]]
