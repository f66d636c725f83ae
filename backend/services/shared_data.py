"""What is data and not code: AI services, frameworks and policy templates."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from backend.core.errors import ConfigurationError, NotFound
from backend.policy.policy import Policy
from backend.policy.reading import read_policy
from backend.policy.validation import PolicyError
from backend.services.service_risk import Question, RiskTable

SHARED_RULES: Final = Path(__file__).parents[2] / "shared-rules"


@dataclass(frozen=True, slots=True)
class SharedAiService:
    """An AI service as the registry knows it, for every client alike."""

    id: str
    name: str
    vendor: str
    hosts: tuple[str, ...]
    category: str
    home_url: str
    source: str
    checked_on: date
    training: str
    baa: str
    dpa: str
    sso: str
    residency: str
    retention: str
    regions: tuple[str, ...] = ()
    plan: str = ""
    shared_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedFramework:
    """A compliance framework and the edition we mean."""

    id: str
    name: str
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class Template:
    """A policy to start from, and where its choices come from."""

    id: str
    title: str
    version: int
    why: str
    source: str
    frameworks: tuple[str, ...]
    policy: Policy
    controls: Mapping[str, tuple[str, ...]]
    """Which controls (`framework:control`) each field serves."""
    languages: tuple[str, ...]


@functools.cache
def ai_services(root: Path = SHARED_RULES) -> tuple[SharedAiService, ...]:
    """Return every AI service, by id."""
    return tuple(_ai_service(found, path) for path, found in _files(root / "services"))


@functools.cache
def frameworks(root: Path = SHARED_RULES) -> tuple[SharedFramework, ...]:
    """Return every compliance framework, by id."""
    return tuple(
        SharedFramework(**{key: str(_field(found, key, path)) for key in _FRAMEWORK})
        for path, found in _files(root / "frameworks")
    )


@functools.cache
def templates(root: Path = SHARED_RULES) -> Mapping[str, Template]:
    """Return every policy template, by id."""
    found = (_template(content, path) for path, content in _files(root / "templates"))
    return {template.id: template for template in found}


def template(name: str, root: Path = SHARED_RULES) -> Template:
    """Return one policy template. Raise NotFound."""
    known = templates(root)
    if name not in known:
        raise NotFound(f"There is no policy template {name}; there are {', '.join(sorted(known))}.")
    return known[name]


_FRAMEWORK: Final = ("id", "name", "version", "source")


def _files(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    try:
        return [
            (path, tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))
        ]
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"A file in {folder} is not TOML: {error}.") from None


def _field(found: Mapping[str, Any], key: str, path: Path) -> Any:
    if key not in found:
        raise ConfigurationError(f"{path} does not say its {key}. Add it, or restore the file.")
    return found[key]


def _ai_service(found: Mapping[str, Any], path: Path) -> SharedAiService:
    return SharedAiService(
        **{key: str(_field(found, key, path)) for key in _AI_SERVICE},
        hosts=tuple(_field(found, "hosts", path)),
        checked_on=date.fromisoformat(str(_field(found, "checked_on", path))),
        regions=tuple(found.get("regions", ())),
        plan=str(found.get("plan", "")),
        shared_hosts=tuple(found.get("shared_hosts", ())),
    )


FACTS: Final = ("training", "baa", "dpa", "sso", "residency", "retention")
"""What the risk of a service is worked out from."""
_AI_SERVICE: Final = ("id", "name", "vendor", "category", "home_url", "source", *FACTS)


@functools.cache
def risk_table(root: Path = SHARED_RULES) -> RiskTable:
    """Return the questions about AI services and what each answer costs."""
    path = root / "service-risk.toml"
    found = tomllib.loads(path.read_text("utf-8"))
    questions = tuple(Question(**one) for one in _field(found, "questions", path))
    return RiskTable(
        questions=questions,
        **{name: _field(found, name, path) for name in _RISK_TABLE},
    )


_RISK_TABLE: Final = ("version", "medium_from", "high_from", "check_again_after_days")


def _template(found: Mapping[str, Any], path: Path) -> Template:
    version = int(_field(found, "version", path))
    try:
        policy = read_policy(_field(found, "document", path), version)
    except PolicyError as error:
        raise ConfigurationError(f"The policy in {path} cannot be used: {error}.") from None
    return Template(
        **{key: str(_field(found, key, path)) for key in ("id", "title", "why", "source")},
        version=version,
        frameworks=tuple(found.get("frameworks", ())),
        policy=policy,
        controls={path: tuple(named) for path, named in found.get("controls", {}).items()},
        languages=tuple(found.get("languages", ("en",))),
    )
