"""Sweeps over the shared data files: what no file can get wrong alone."""

import string
import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from backend.services.shared_data import SHARED_RULES, ai_services
from backend.services.site_adapters import adapters


@cache
def _read(folder: str) -> dict[Path, dict[str, Any]]:
    """Read it when a test wants it: every worker imports this file, and one of them runs it."""
    paths = sorted((SHARED_RULES / folder).rglob("*.toml"))
    return {path: tomllib.loads(path.read_text("utf-8")) for path in paths}


SAFE_HARBOR = string.ascii_uppercase[: string.ascii_uppercase.index("R") + 1]


def _titled_controls() -> set[str]:
    return {
        f"{framework['id']}:{control['id']}"
        for framework in _read("frameworks").values()
        for control in framework["controls"]
    }


def test_every_control_a_rule_names_has_a_title() -> None:
    named = {control for rule in _read("rules").values() for control in rule.get("controls", ())}
    assert named - _titled_controls() == set()


@pytest.mark.parametrize("letter", SAFE_HARBOR)
def test_every_safe_harbor_identifier_has_a_rule(letter: str) -> None:
    control = f"hipaa:164.514(b)(2)(i)({letter})"
    assert any(control in rule.get("controls", ()) for rule in _read("rules").values())


def test_every_rule_explains_itself_and_its_examples() -> None:
    rules = _read("rules").items()
    assert [path.stem for path, rule in rules if not all(map(str.strip, _whys(rule)))] == []


def _whys(rule: dict[str, Any]) -> list[str]:
    return [rule["why"], *(example["why"] for example in (*rule["match"], *rule["ignore"]))]


def test_no_rule_fires_alone_below_the_least_confidence() -> None:
    wrong = [
        path.stem
        for path, rule in _read("rules").items()
        if (rule["confidence"] >= 0.5) is not _may_fire_alone(rule)
    ]
    assert wrong == []


def _may_fire_alone(rule: dict[str, Any]) -> bool:
    needs_none = rule.get("context", {}).get("need", "none") == "none"
    return bool(needs_none or rule.get("recognizer") == "words")


def test_context_raises_confidence() -> None:
    wrong = [
        path.stem
        for path, rule in _read("rules").items()
        if rule.get("confidence_with_context", rule["confidence"]) < rule["confidence"]
    ]
    assert wrong == []


def test_no_host_belongs_to_two_ai_services() -> None:
    hosts = [host for service in ai_services() for host in service.hosts]
    assert len(hosts) == len(set(hosts))


def test_every_adapter_matches_hosts_of_its_ai_service() -> None:
    hosts = {service.id: set(service.hosts) for service in ai_services()}
    for adapter in adapters():
        for pattern in adapter["match"]:
            host = str(urlsplit(pattern).hostname).removeprefix("*.")
            known = hosts[adapter["service"]]
            assert any(host == one or host.endswith(f".{one}") for one in known), pattern
