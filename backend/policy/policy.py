"""What a client wants done about findings."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from backend.detection.custom.lists import NOTHING_ADDED, Custom
from backend.detection.finding import Finding
from backend.policy.actions import Action, OnUnavailable, Remedy, ServerVerdict, ServiceStatus
from backend.policy.attributes import NO_ATTRIBUTES, Attributes, Switch
from backend.policy.custom import custom_document
from backend.policy.messages import Translations

FORMAT: Final = 1
REMEDIES: Final[Mapping[Action, tuple[Remedy, ...]]] = MappingProxyType(
    {
        Action.WARN: (Remedy.REDACT, Remedy.JUSTIFY, Remedy.REPORT_FALSE_POSITIVE),
        Action.BLOCK: (Remedy.REDACT, Remedy.REQUEST_EXCEPTION, Remedy.REPORT_FALSE_POSITIVE),
    }
)
MESSAGES: Final[Mapping[Action, str]] = MappingProxyType(
    {
        Action.WARN: "Your organisation asks you to look at this again before it is sent.",
        Action.BLOCK: "Your organisation does not allow this to be sent to an AI service.",
    }
)

UNREADABLE_FILE: Final = "UNREADABLE_FILE"
"""The type of the finding that stands for a file, or a part of one, that nobody could read."""
UNREADABLE_KIND: Final = ("unreadable-file", UNREADABLE_FILE, "other", "pii")

Actions = Mapping[str, Action]


@dataclass(frozen=True, slots=True)
class Combination:
    """Families that matter together: any of the first with any of the second."""

    families: frozenset[str]
    with_families: frozenset[str]
    action: Action

    def document(self) -> dict[str, object]:
        """Return it as a policy document writes it."""
        return {
            "families": sorted(self.families),
            "with_families": sorted(self.with_families),
            "action": self.action.value,
        }


@dataclass(frozen=True, slots=True)
class ServiceActions:
    """What sending to a service that is not approved calls for, findings or not."""

    unapproved: Action = Action.FLAG
    prohibited: Action = Action.BLOCK

    def setting_for(self, status: ServiceStatus) -> tuple[str, Action]:
        """Return the deciding field and its action."""
        if status is ServiceStatus.PROHIBITED:
            return "services.prohibited", self.prohibited
        if status in {ServiceStatus.UNDER_REVIEW, ServiceStatus.UNKNOWN}:
            return "services.unapproved", self.unapproved
        return "services", Action.ALLOW

    def document(self) -> dict[str, object]:
        """Return it as a policy document writes it."""
        return {"unapproved": self.unapproved.value, "prohibited": self.prohibited.value}


@dataclass(frozen=True, slots=True)
class FileActions:
    """What a file calls for, whatever it holds."""

    unreadable: Action = Action.WARN

    def document(self) -> dict[str, object]:
        """Return it as a policy document writes it."""
        return {"unreadable": self.unreadable.value}


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy; `reading.read_policy` makes it, `document` writes it out again."""

    name: str
    version: int = 0
    default_action: Action = Action.ALLOW
    minimum_confidence: float = 0.5
    categories: Actions = field(default_factory=dict)
    families: Actions = field(default_factory=dict)
    entities: Actions = field(default_factory=dict)
    rules: Actions = field(default_factory=dict)
    combinations: tuple[Combination, ...] = ()
    services: ServiceActions = ServiceActions()
    files: FileActions = FileActions()
    remedies: Mapping[Action, tuple[Remedy, ...]] = field(default_factory=lambda: REMEDIES)
    messages: Mapping[Action, str] = field(default_factory=lambda: MESSAGES)
    server_verdict: ServerVerdict = ServerVerdict.ON_FINDING
    on_unavailable: OnUnavailable = OnUnavailable.ENFORCE_CACHED
    custom: Custom = NOTHING_ADDED
    attributes: Attributes = NO_ATTRIBUTES
    translations: Translations = field(default_factory=dict)
    contact: str = ""
    acceptable_use_page: str = ""
    second_approval: str = "never"
    """`weakening` when a second person has to approve what protects less."""
    switches: Mapping[str, Switch] = field(default_factory=dict)
    exception_minutes: int = 480
    """How long an exception may last at most; with 0 none is granted."""
    exception_approvers: str = "two_if_locked"
    """`two` where each exception needs two people, not only those from locked fields."""

    def fails_as(self, finding: Finding) -> OnUnavailable:
        """Return what holds for this finding while the server is away."""
        for path in (
            f"rules.{finding.rule}", f"entities.{finding.type}", f"families.{finding.family}",
            f"categories.{finding.category}",
        ):  # fmt: skip
            if path in self.attributes.unavailable:
                return self.attributes.unavailable[path]
        return self.on_unavailable

    @property
    def asks_second_person(self) -> bool:
        """Whether a change that protects less waits for somebody else."""
        return self.second_approval != "never"

    def setting_for(self, finding: Finding) -> tuple[str, Action]:
        """Return the most specific field about this finding, and its action.

        A setting in shadow stands, and allows.
        """
        if finding.type == UNREADABLE_FILE:  # no rule, so no setting of rules can soften it
            return "files.unreadable", self.files.unreadable
        if finding.rule in self.rules:
            return f"rules.{finding.rule}", self.rules[finding.rule]
        if finding.type in self.entities:
            return f"entities.{finding.type}", self.entities[finding.type]
        if finding.family in self.families:
            return f"families.{finding.family}", self.families[finding.family]
        if finding.category in self.categories:
            return f"categories.{finding.category}", self.categories[finding.category]
        return "default_action", self.default_action

    def is_ordinary(self, finding: Finding) -> bool:
        """Return whether a finding is worth no record, as dates and links are."""
        return finding.severity == "low" and self.setting_for(finding)[1] is Action.ALLOW

    def document(self) -> dict[str, object]:
        """Return the complete document: every field, sorted, nothing left to a default."""
        return {
            "format": FORMAT,
            "name": self.name,
            "default_action": self.default_action.value,
            "minimum_confidence": self.minimum_confidence,
            "categories": self._settings("categories", self.categories),
            "families": self._settings("families", self.families),
            "entities": self._settings("entities", self.entities),
            "rules": self._settings("rules", self.rules),
            "combinations": [combination.document() for combination in self.combinations],
            "services": self.services.document(),
            "files": self.files.document(),
            "remedies": {
                action.value: [remedy.value for remedy in offered]
                for action, offered in self.remedies.items()
            },
            "messages": {action.value: words for action, words in self.messages.items()},
            "server_verdict": self.server_verdict.value,
            "on_unavailable": self.on_unavailable.value,
            "custom": custom_document(self.custom),
            "translations": {
                language: {action.value: said for action, said in words.items()}
                for language, words in sorted(self.translations.items())
            },
            "contact": self.contact,
            "acceptable_use_page": self.acceptable_use_page,
            "second_approval": self.second_approval,
            "exception_minutes": self.exception_minutes,
            "exception_approvers": self.exception_approvers,
            "switches": {name: one.document() for name, one in sorted(self.switches.items())},
        }

    def _settings(self, group: str, actions: Actions) -> dict[str, object]:
        return {
            key: self.attributes.of(f"{group}.{key}", action)
            for key, action in sorted(actions.items())
        }


def written(document: Mapping[str, object]) -> str:
    """Return the one JSON text of a document: sorted names, no white space, UTF-8 characters."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def document_etag(document: str, version: int) -> str:
    """Return a name for exactly this text as this version: 32 hex digits of SHA-256."""
    return hashlib.sha256(f"{version}\n{document}".encode()).hexdigest()[:32]
