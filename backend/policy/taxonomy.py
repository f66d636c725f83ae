"""Which settings are about the same findings: a rule, its type, its family, its category."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from backend.detection.custom.lists import rule_id
from backend.detection.custom.rules import FAMILY, TYPE
from backend.policy.actions import CATEGORIES, FAMILIES
from backend.policy.fields import SETTINGS

Kind = tuple[str, str, str, str]
"""A rule's id, type, family and category."""
Chain = tuple[str, ...]
_OWN: Final = ("keywords", "patterns", "values")


@dataclass(frozen=True)
class Taxonomy:
    """The kinds of findings there are. What it does not know may be anything."""

    kinds: frozenset[Kind] = field(default_factory=frozenset)

    def chains(self, path: str) -> tuple[Chain, ...]:
        """Return the settings that may answer instead of `path`, the most specific first.

        One chain per kind of finding that the setting is about; each begins with `path`.
        """
        known = self._chains.get(path)
        if known is not None:
            return known
        group, _, name = path.partition(".")
        if group not in SETTINGS:
            return ((path,),)
        return _unknown(group, name)

    @cached_property
    def _chains(self) -> dict[str, tuple[Chain, ...]]:
        found: dict[str, dict[Chain, None]] = {}
        for kind in sorted(self.kinds):
            steps = tuple(f"{group}.{name}" for group, name in zip(SETTINGS, kind, strict=True))
            for number, path in enumerate(steps):
                found.setdefault(path, {})[(*steps[number:], "default_action")] = None
        return {path: tuple(chains) for path, chains in found.items()}

    def with_own(self, documents: Iterable[Mapping[str, Any]]) -> "Taxonomy":
        """Return this and the rules that clients' own lists make, of any of these documents."""
        own = {
            (rule_id(key), TYPE, FAMILY, str(entry.get("category", "pii")))
            for document in documents
            for part in _OWN
            for key, entry in document.get("custom", {}).get(part, {}).items()
            if entry is not None
        }
        return Taxonomy(self.kinds | own) if own - self.kinds else self


def _unknown(group: str, name: str) -> tuple[Chain, ...]:
    """Return every chain there could be: a floor anywhere then holds."""
    families = (name,) if group == "families" else FAMILIES
    categories = (name,) if group == "categories" else CATEGORIES
    if group == "categories":
        return ((f"categories.{name}", "default_action"),)
    first = () if group == "families" else (f"{group}.{name}",)
    return tuple(
        (*first, f"families.{family}", f"categories.{category}", "default_action")
        for family in families
        for category in categories
    )
