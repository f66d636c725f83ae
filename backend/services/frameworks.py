"""Compliance frameworks as dated data: their controls, and which of them a concern touches."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from backend.core.errors import ConfigurationError
from backend.services.shared_data import SHARED_RULES

CONCERNS: Final = (
    "phi", "pii", "national-id", "card", "credential", "confidential", "unapproved-service",
    "not-inspectable", "override", "coverage-gap", "administration",
)  # fmt: skip
"""What something recorded can be about: the rule families of the frameworks' mapping."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a framework. `in_force_from` is None for what is only proposed."""

    framework: str
    id: str
    title: str
    status: str
    in_force_from: date | None
    source: str
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Return whether the control was in force on a day."""
        return (
            self.status == "in_force"
            and self.in_force_from is not None
            and self.in_force_from <= day
        )


@dataclass(frozen=True, slots=True)
class Framework:
    """One framework: the edition we mean, its controls, and what calls for which of them."""

    id: str
    name: str
    version: str
    source: str
    checked_on: date
    note: str
    controls: Mapping[str, Control]
    concerns: Mapping[str, tuple[str, ...]]
    rule_controls_need: str | None
    """The concern without which the controls that rules name do not apply."""


@functools.cache
def frameworks(root: Path = SHARED_RULES) -> Mapping[str, Framework]:
    """Return every framework by id. Raise ConfigurationError for a file that contradicts itself."""
    found = (_framework(path) for path in sorted((root / "frameworks").glob("*.toml")))
    return {framework.id: framework for framework in found}


def _framework(path: Path) -> Framework:
    try:
        said = tomllib.loads(path.read_text("utf-8"))
        controls = {one["id"]: _control(said["id"], one) for one in said["controls"]}
        concerns = {name: tuple(ids) for name, ids in said["concerns"].items()}
        framework = Framework(
            id=said["id"], name=said["name"], version=said["version"], source=said["source"],
            checked_on=said["checked_on"], note=said.get("note", ""), controls=controls,
            concerns=concerns, rule_controls_need=said.get("rule_controls_need"),
        )  # fmt: skip
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ConfigurationError(f"{path} is not a framework: {error}. Restore the file.") from None
    unknown = {one for ids in concerns.values() for one in ids} - controls.keys()
    if unknown or concerns.keys() - set(CONCERNS):
        raise ConfigurationError(
            f"{path} maps to what it does not list: {', '.join(sorted(unknown)) or 'a concern'}."
        )
    return framework


def _control(framework: str, said: Mapping[str, Any]) -> Control:
    return Control(
        framework, said["id"], said["title"], said["status"], said.get("in_force_from"),
        said["source"], said.get("note", ""),
    )  # fmt: skip
