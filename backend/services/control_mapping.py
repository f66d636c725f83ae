"""Which controls a violation touches: by what it was about, for the frameworks switched on.

It is worked out when a violation is read, never stored: see decision 0012.
"""

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from backend.detection.rulebook import DEFAULT_PATH
from backend.services.frameworks import Control, Framework, frameworks

CLIENTS_OWN: Final = "CUSTOM"
OVERRIDES: Final = frozenset({"overridden_sent", "justified_sent"})
_HEALTH: Final = frozenset({"health-term", "health-id"})
_NO_IDENTIFIER: Final = frozenset({"health-term", "secret", "card"})


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What is asked of a rule."""

    type: str
    family: str
    controls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is asked of a violation; `day` is when it was recorded."""

    kinds: Iterable[str]
    is_service_known: bool
    disposition: str
    day: date


class ControlMapping:
    """The catalogue together with what the rulebook says of each entity type."""

    def __init__(self, catalogue: Mapping[str, Framework], rules: Iterable[RuleFacts]) -> None:
        self._frameworks = catalogue
        self._rules = tuple(rules)

    @cached_property
    def _families(self) -> Mapping[str, frozenset[str]]:
        families: dict[str, frozenset[str]] = {}
        for rule in self._rules:
            families[rule.type] = families.get(rule.type, frozenset()) | {rule.family}
        return families

    @cached_property
    def _named_by_rules(self) -> Mapping[str, frozenset[str]]:
        """Return, per type, the controls that each of its rules names."""
        named: dict[str, frozenset[str]] = {}
        for rule in self._rules:
            these = frozenset(rule.controls)
            named[rule.type] = named.get(rule.type, these) & these
        return named

    def concerns(self, recorded: Recorded) -> frozenset[str]:
        """Return what a violation is about.

        Protected health information is an identifier together with something about health
        (45 CFR 160.103); an identifier alone is personal data.
        """
        kinds = tuple(recorded.kinds)
        families = frozenset(f for kind in kinds for f in self._families.get(kind, frozenset()))
        about = set()
        identifiers = families - _NO_IDENTIFIER
        if "health-id" in families or (families & _HEALTH and identifiers):
            about.add("phi")
        elif identifiers:
            about.add("pii")
        if "government-id" in families:
            about.add("national-id")
        if "card" in families:
            about.add("card")
        if "secret" in families:
            about.add("credential")
        if CLIENTS_OWN in kinds:
            about.add("confidential")
        if not kinds or not recorded.is_service_known:
            about.add("unapproved-service")
        if recorded.disposition in OVERRIDES:
            about.add("override")
        return frozenset(about)

    def controls(self, recorded: Recorded, switched_on: Iterable[str]) -> tuple[Control, ...]:
        """Return the controls in force on the day, framework by framework, in its order.

        A framework that the catalogue does not know touches nothing.
        """
        about = self.concerns(recorded)
        kinds = tuple(recorded.kinds)
        found: list[Control] = []
        for name in dict.fromkeys(switched_on):
            framework = self._frameworks.get(name)
            if framework is None:
                continue
            wanted = {one for concern in about for one in framework.concerns.get(concern, ())}
            if framework.rule_controls_need in {None, *about}:
                wanted |= self._of_rules(name, kinds)
            found += [
                control
                for control in framework.controls.values()
                if control.id in wanted and control.holds_on(recorded.day)
            ]
        return tuple(found)

    def _of_rules(self, framework: str, kinds: Iterable[str]) -> set[str]:
        prefix = f"{framework}:"
        return {
            named.removeprefix(prefix)
            for kind in kinds
            for named in self._named_by_rules.get(kind, frozenset())
            if named.startswith(prefix)
        }

    def shapes(self, recorded: Recorded, switched_on: Iterable[str]) -> list[dict[str, Any]]:
        """Return the same as it is sent; an id never goes without its title."""
        return [
            {"framework": one.framework, "id": one.id, "title": one.title}
            for one in self.controls(recorded, switched_on)
        ]


@functools.cache
def control_mapping() -> ControlMapping:
    """Return the mapping of the catalogue and the rulebook that Quillgate comes with."""
    rules = json.loads(DEFAULT_PATH.read_text("utf-8"))["rules"]
    facts = [RuleFacts(r["type"], r["family"], tuple(r["controls"])) for r in rules]
    return ControlMapping(frameworks(), facts)


def controls_of(row: Mapping[str, Any], kinds: Iterable[str], at: datetime) -> list[dict[str, Any]]:
    """Return the controls of a violation's row, which has its client's `frameworks`."""
    recorded = Recorded(kinds, row["ai_service_id"] is not None, row["disposition"], at.date())
    return control_mapping().shapes(recorded, row["frameworks"])
